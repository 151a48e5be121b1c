// The terminal is given back however the process ends, short of SIGKILL. Only async-signal-safe calls are made from
// handlers: write, tcsetattr, dup2, pread, sigaction, raise. endwin is not one of them.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cncurses.h"

static const int notices[] = {SIGWINCH, SIGCONT, SIGTSTP};
static const int ends[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};
#define COUNT(list) ((int)(sizeof(list) / sizeof((list)[0])))

static struct sigaction before[NSIG];
static volatile sig_atomic_t installed;
static volatile sig_atomic_t end_signal;
static volatile sig_atomic_t continued;
static int notice_pipe[2] = {-1, -1};

static volatile sig_atomic_t armed;
static int tty_fd = -1;
static struct termios shell_modes;
static char restore_bytes[TM_RESTORE_MAX];
static size_t restore_length;

static int kept_stderr = -1;
static int stderr_memory = -1;
static off_t stderr_replayed;

static void write_all(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        bytes += written;
        length -= (size_t)written;
    }
}

static void replay_stderr(void) {
    if (kept_stderr < 0) return;
    dup2(kept_stderr, STDERR_FILENO);
    char block[1024];
    ssize_t count;
    while ((count = pread(stderr_memory, block, sizeof block, stderr_replayed)) > 0) {
        write_all(STDERR_FILENO, block, (size_t)count);
        stderr_replayed += count;
    }
}

static void restore_terminal(void) {
    if (!armed) return;
    armed = 0;
    // In the background tcsetattr would stop us here, with the terminal never restored.
    struct sigaction ignore = {.sa_handler = SIG_IGN}, old;
    sigaction(SIGTTOU, &ignore, &old);
    write_all(tty_fd, restore_bytes, restore_length);
    tcsetattr(tty_fd, TCSANOW, &shell_modes);
    sigaction(SIGTTOU, &old, NULL);
    replay_stderr();
}

static void notify(char byte) {
    if (notice_pipe[1] >= 0) (void)!write(notice_pipe[1], &byte, 1);
}

static void on_notice(int signal) {
    int saved = errno;
    notify(signal == SIGWINCH ? 'w' : signal == SIGCONT ? 'c' : 'z');
    if (signal == SIGCONT) continued = 1;
    errno = saved;
}

static void on_end(int signal) {
    int saved = errno;
    // The first request lets the program save; the same one again means that it does not get there. A terminal that
    // closes sends SIGHUP more than once, from its program and from the kernel, so that one never cuts saving short.
    if (end_signal == signal && signal != SIGHUP) {
        restore_terminal();
        sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
        raise(signal);
    }
    end_signal = signal;
    notify('h');
    errno = saved;
}

static void on_crash(int signal, siginfo_t *info, void *context) {
    (void)context;
    restore_terminal();
    // The handler that was there before, Swift's backtracer by default, runs next and prints to the normal screen.
    // A faulting instruction faults again on return; a sent signal, abort and a passed breakpoint do not.
    sigaction(signal, &before[signal], NULL);
    if (info->si_code <= 0 || signal == SIGTRAP || signal == SIGABRT) raise(signal);
}

static void install(int signal, struct sigaction *action) { sigaction(signal, action, &before[signal]); }

int tm_guard_start(void) {
    if (installed) return notice_pipe[0];
    if (notice_pipe[0] < 0 && pipe2(notice_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    static bool registered;
    if (!registered) registered = atexit(restore_terminal) == 0;
    end_signal = 0;

    struct sigaction notice = {.sa_handler = on_notice, .sa_flags = SA_RESTART | SA_ONSTACK};
    struct sigaction end = {.sa_handler = on_end, .sa_flags = SA_RESTART | SA_ONSTACK};
    struct sigaction crash = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    for (int i = 0; i < COUNT(notices); i++) install(notices[i], &notice);
    for (int i = 0; i < COUNT(ends); i++) install(ends[i], &end);
    for (int i = 0; i < COUNT(crashes); i++) install(crashes[i], &crash);
    install(SIGPIPE, &ignore);
    installed = 1;
    return notice_pipe[0];
}

void tm_guard_stop(void) {
    if (!installed) return;
    installed = 0;
    for (int i = 0; i < COUNT(notices); i++) sigaction(notices[i], &before[notices[i]], NULL);
    for (int i = 0; i < COUNT(ends); i++) sigaction(ends[i], &before[ends[i]], NULL);
    for (int i = 0; i < COUNT(crashes); i++) sigaction(crashes[i], &before[crashes[i]], NULL);
    sigaction(SIGPIPE, &before[SIGPIPE], NULL);
}

void tm_guard_arm(int tty, const struct termios *shell, const char *restore, size_t length) {
    if (armed) return;
    tty_fd = tty;
    shell_modes = *shell;
    restore_length = length < TM_RESTORE_MAX ? length : TM_RESTORE_MAX;
    memcpy(restore_bytes, restore, restore_length);
    if (isatty(STDERR_FILENO)) {
        // Appending, so that every descriptor made from it adds at the end.
        if (stderr_memory < 0) {
            stderr_memory = memfd_create("stderr", MFD_CLOEXEC);
            if (stderr_memory >= 0) fcntl(stderr_memory, F_SETFL, O_APPEND);
        }
        if (stderr_memory >= 0) {
            if (kept_stderr < 0) kept_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
            if (kept_stderr >= 0) dup2(stderr_memory, STDERR_FILENO);
        }
    }
    armed = 1;
}

void tm_guard_disarm(void) {
    if (!armed) return;
    armed = 0;
    replay_stderr();
}

void tm_guard_thread(void) {
    static __thread bool done;
    if (done) return;
    done = true;
    stack_t present;
    if (sigaltstack(NULL, &present) == 0 && !(present.ss_flags & SS_DISABLE)) return;
    size_t size = 64 * 1024;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    sigaltstack(&(stack_t){.ss_sp = memory, .ss_size = size}, NULL);
}

int tm_guard_end_signal(void) { return end_signal; }

void tm_stop_group(void) {
    struct sigaction standard = {.sa_handler = SIG_DFL}, ours;
    sigaction(SIGTSTP, &standard, &ours);
    continued = 0;
    kill(0, SIGTSTP);
    // Another thread may take the signal, so the stop can come a little after kill has returned. An orphaned process
    // group is never stopped; there the wait ends by itself.
    for (int i = 0; i < 20 && !continued; i++) poll(NULL, 0, 10);
    sigaction(SIGTSTP, &ours, NULL);
}
