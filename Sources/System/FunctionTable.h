// A library that is loaded when it is first needed, as a table of its functions: a program that never needs it does not
// pay for it and for what it brings with it. Each function has the type that the library's header declares.
//
//     #define EXAMPLE_FUNCTIONS(ITEM) ITEM(example_open) ITEM(example_close)
//     FUNCTION_TABLE(cexample, EXAMPLE_FUNCTIONS)
//
// makes struct cexample_functions and cexample_load, which fills one from the file of this name. That returns 0, or -1 with
// what dlerror(3) has to tell; the table is not to be used then.
#ifndef FUNCTION_TABLE_H
#define FUNCTION_TABLE_H

#include <dlfcn.h>

#define FUNCTION_TABLE_MEMBER(name) __typeof__(&name) _Nonnull name;

#define FUNCTION_TABLE_FIND(name)                                                                                      \
    void *found_##name = dlsym(library, #name);                                                                        \
    if (!found_##name) return -1;                                                                                      \
    functions->name = (__typeof__(&name))found_##name;

#define FUNCTION_TABLE(prefix, FUNCTIONS)                                                                              \
    struct prefix##_functions {                                                                                        \
        FUNCTIONS(FUNCTION_TABLE_MEMBER)                                                                               \
    };                                                                                                                 \
    static inline int prefix##_load(const char *name, struct prefix##_functions *functions) {                          \
        void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);                                                           \
        if (!library) return -1;                                                                                       \
        FUNCTIONS(FUNCTION_TABLE_FIND)                                                                                 \
        return 0;                                                                                                      \
    }

#endif
