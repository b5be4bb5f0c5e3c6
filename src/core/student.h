/* Student-t numbers from standard normals of the same probability, scaled to unit variance: heavy tails for a
 * nugget. */
#ifndef TGV_CORE_STUDENT_H
#define TGV_CORE_STUDENT_H

#include <stddef.h>

/** The value t sqrt((nu - 2) / nu) with P(T > t) = P(Z > z) for Student t of nu > 2 degrees of freedom;
   variance 1 for a standard normal z. Odd and increasing in z; exact to 1e-9 for |z| <= 37, where it stops
   growing. Takes microseconds. */
double tgv_student_of_normal(double nu, double z);

/** The same as a table, for many values. */
struct tgv_student;
struct tgv_student *tgv_student_new(double nu);
void                tgv_student_free(struct tgv_student *t);
/** out[i] += scale t(z[i]) for |z| <= 7 (beyond it: as at 7). Relative error below 5e-7. Same bits on every
 * machine. */
void tgv_student_add(const struct tgv_student *t, size_t n, const float *z, float scale, float *out);

#endif
