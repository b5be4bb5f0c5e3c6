#include "core/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_SIZE = 16384 };

static _Thread_local char message[MESSAGE_SIZE];

static void append(const char *prefix, const char *format, va_list arguments)
{
  size_t used = strlen(message);
  int    n;

  if (used + 2 >= MESSAGE_SIZE) return;
  n = snprintf(message + used, MESSAGE_SIZE - used, "%s", prefix);
  if (n < 0 || (size_t)n >= MESSAGE_SIZE - used) return;
  used += (size_t)n;
  (void)vsnprintf(message + used, MESSAGE_SIZE - used, format, arguments);
}

void tgv_error_set(const char *format, ...)
{
  va_list arguments;

  message[0] = '\0';
  va_start(arguments, format);
  append("", format, arguments);
  va_end(arguments);
}

void tgv_error_note(const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  append("\n  while ", format, arguments);
  va_end(arguments);
}

const char *tgv_error_message(void)
{
  return message;
}

void tgv_error_clear(void)
{
  message[0] = '\0';
}

const char *tgv_status_name(tgv_status_code status)
{
  static const char *const names[] = {"ok",     "failed", "input",    "file",
                                      "memory", "solver", "external", "interrupted"};

  return (unsigned)status < sizeof names / sizeof *names ? names[status] : "unknown";
}

void tgv_bug(const char *file, int line, const char *function, const char *what)
{
  fprintf(stderr, "BUG: %s:%d in %s: %s\n", file, line, function, what);
  abort();
}
