// What both peers share around their loops: a listening socket, N processes on it, and their end.
#pragma once

// Opens the Unix socket argv[1], makes argv[2] processes that run serve(socket, threads = argv[3]), and stays until
// TERM, then ends them all. The parent serves nothing.
int run_processes(int argc, char **argv, void (*serve)(int listener, int threads));
