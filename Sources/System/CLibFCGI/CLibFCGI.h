// fcgi_stdio.h would replace printf and friends; fcgiapp.h alone does not, once this is said.
#define NO_FCGI_DEFINES 1
#include <fcgiapp.h>
