// What Swift cannot say to curses, to signals and to wcwidth. Everything here begins with tm_ or TM_.
#ifndef TM_CNCURSES_H
#define TM_CNCURSES_H

// Defined here because a target's own defines do not reach its importers.
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1

#include <curses.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

// Attributes and mouse bits are casts in curses.h, which Swift does not import.
enum {
    TM_BOLD = A_BOLD,
    TM_DIM = A_DIM,
    TM_UNDERLINE = A_UNDERLINE,
    TM_REVERSE = A_REVERSE,
};

enum {
    TM_MOUSE_PRESS = BUTTON1_PRESSED,
    TM_MOUSE_WHEEL_UP = BUTTON4_PRESSED,
    TM_MOUSE_WHEEL_DOWN = BUTTON5_PRESSED,
};

// Key codes of the marks around pasted text, given to define_key; above every code curses uses.
enum {
    TM_KEY_PASTE_BEGIN = KEY_MAX + 1,
    TM_KEY_PASTE_END = KEY_MAX + 2,
};

// Cells that the C library gives a character in the present locale: 0, 1, 2, or -1 where it cannot be printed.
int tm_wcwidth(uint32_t scalar);

// Installs the signal handlers and returns the end of a pipe from which they are read, one byte each:
// 'w' size changed, 'c' continued, 'z' asked to stop, 'h' asked to end. -1 with errno on failure.
// Call before newterm: curses handles SIGINT, SIGTERM, SIGTSTP and SIGWINCH itself where it finds no handler,
// and not in an async-signal-safe way. While handlers are installed a second call returns the same descriptor.
int tm_guard_start(void);

// From here the screen is ours. A fatal signal, exit() and a repeated request to end write `restore` to `tty` and set
// `shell`. Standard error, where it is a terminal, is kept in memory until tm_guard_disarm. `restore` is copied; at
// most TM_RESTORE_MAX bytes of it.
enum { TM_RESTORE_MAX = 512 };
void tm_guard_arm(int tty, const struct termios *shell, const char *restore, size_t length);

// The screen is no longer ours: standard error is back, and what was written to it meanwhile is written out.
void tm_guard_disarm(void);

// Puts the handlers back that were there before tm_guard_start.
void tm_guard_stop(void);

// Gives the calling thread a stack for signal handlers, so that a stack overflow still restores the terminal.
void tm_guard_thread(void);

// The last signal that asked the process to end, or 0.
int tm_guard_end_signal(void);

// Stops the process group with the default action of SIGTSTP; returns when continued.
void tm_stop_group(void);

#endif
