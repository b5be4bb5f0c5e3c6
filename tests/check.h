/* The few checks that cmocka lacks. Include after cmocka's headers. */
#ifndef TGV_TESTS_CHECK_H
#define TGV_TESTS_CHECK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/error.h"

/** The call succeeds; its message is printed if not. */
#define check_ok(call)                                                                                       \
  do {                                                                                                       \
    if (call) fail_msg("%s: %s", #call, tgv_error_message());                                                \
  } while (0)

/** |got - want| <= rtol |want| + atol. */
#define check_near(got, want, rtol, atol)                                                                    \
  do {                                                                                                       \
    double check_got = (double)(got), check_want = (double)(want);                                           \
    if (!(fabs(check_got - check_want) <= (rtol)*fabs(check_want) + (atol)))                                 \
      fail_msg("%s is %.12g, expected %.12g (relative difference %.3g)", #got, check_got, check_want,        \
               (check_got - check_want) / (check_want != 0 ? check_want : 1));                               \
  } while (0)

#define check_close(got, want, rtol) check_near(got, want, rtol, 0.0)

#endif
