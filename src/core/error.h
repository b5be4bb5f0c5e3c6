/* Errors: one status, one message. A fallible function returns tgv_status and leaves a message that says
   what is wrong in the user's words, with the value and the limit; callers add *while doing what*.
   Messages are kept per thread. A bad part (closed via, crack) is a result, never an error. */
#ifndef TGV_CORE_ERROR_H
#define TGV_CORE_ERROR_H

/** The values are the exit codes of the command `tgv`. */
typedef enum {
  TGV_OK = 0,
  TGV_FAILED = 1,      /* the work was done, and its answer is "no": a case failed, a rule is violated */
  TGV_INPUT = 2,       /* the user's input is wrong */
  TGV_FILE = 3,        /* a file cannot be read or written */
  TGV_MEMORY = 4,      /* out of memory */
  TGV_SOLVER = 5,      /* a numerical method did not reach its tolerance */
  TGV_EXTERNAL = 6,    /* a library or another program failed */
  TGV_INTERRUPTED = 7, /* the user asked to stop */
} tgv_status_code;

#define tgv_status __attribute__((warn_unused_result)) tgv_status_code

/** Records the message of an error (printf style, lower case, no full stop) and evaluates to `status`.
    The comma lets the compiler see the constant, so callers get no false "maybe uninitialized". */
#define tgv_fail(status, ...) (tgv_error_set(__VA_ARGS__), (status))

/** Returns from the calling function if `call` fails. */
#define TGV_TRY(call)                                                                                        \
  do {                                                                                                       \
    tgv_status_code tgv_try_status = (call);                                                                 \
    if (tgv_try_status) return tgv_try_status;                                                               \
  } while (0)

/** The same, and adds the line "while <note>" to the message (printf style). */
#define TGV_TRY_NOTE(call, ...)                                                                              \
  do {                                                                                                       \
    tgv_status_code tgv_try_status = (call);                                                                 \
    if (tgv_try_status) {                                                                                    \
      tgv_error_note(__VA_ARGS__);                                                                           \
      return tgv_try_status;                                                                                 \
    }                                                                                                        \
  } while (0)

/** Stops the program at a defect of ours, never for bad input. Never compiled out. */
#define TGV_BUG_IF(condition)                                                                                \
  do {                                                                                                       \
    if (condition) tgv_bug(__FILE__, __LINE__, __func__, #condition);                                        \
  } while (0)

void tgv_error_set(const char *format, ...) __attribute__((format(printf, 1, 2)));
void tgv_error_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** The message of the last error of this thread: lines joined by '\n', "" if there is none. */
const char *tgv_error_message(void);
void        tgv_error_clear(void);
/** The word for a status: "input", "file"... */
const char    *tgv_status_name(tgv_status_code status);
_Noreturn void tgv_bug(const char *file, int line, const char *function, const char *what);

#endif
