#include "solver/thermal_history.h"

#include <math.h>
#include <stdlib.h>

#include "core/text.h"

static void add(struct tgv_thermal_history *h, size_t *room, struct tgv_thermal_point p)
{
  const struct tgv_thermal_point *last = h->n ? &h->point[h->n - 1] : NULL;

  if (last && last->time == p.time && last->temperature == p.temperature) return;
  if (h->n == *room) {
    *room = *room ? 2 * *room : 32;
    h->point = tgv_reallocate(h->point, *room, sizeof *h->point);
  }
  h->point[h->n++] = p;
}

void tgv_thermal_expand(const struct tgv_thermal_leg *leg, size_t n, double start, double most,
                        struct tgv_thermal_history *out)
{
  struct tgv_thermal_point p = {.temperature = start};
  size_t                   room = 0;

  *out = (struct tgv_thermal_history){0};
  add(out, &room, p);
  for (p.leg = 0; p.leg < n; p.leg++) {
    const struct tgv_thermal_leg *l = &leg[p.leg];

    for (p.cycle = 0; p.cycle < fmin(l->count, most); p.cycle++) {
      const double to[2] = {l->high, l->low}, stay[2] = {l->dwell_high, l->dwell_low};

      for (int k = 0; k < 2; k++) {
        p.time += fabs(to[k] - p.temperature) / l->ramp;
        p.temperature = to[k];
        add(out, &room, p);
        p.time += stay[k];
        add(out, &room, p);
      }
    }
  }
}

void tgv_thermal_release(struct tgv_thermal_history *h)
{
  free(h->point);
  *h = (struct tgv_thermal_history){0};
}
