/* Supply of a via through its mouth: how much longer the via seems because the field lines converge on it. */
#ifndef TGV_SOLVER_PLATING_MOUTH_H
#define TGV_SOLVER_PLATING_MOUTH_H

enum { TGV_PLATING_MOUTH_POINTS = 33 };

/** Added length [m] over the half width of the opening, from closed to `widest`, even steps. */
struct tgv_plating_mouth {
  double widest;
  double ion[TGV_PLATING_MOUTH_POINTS], potential[TGV_PLATING_MOUTH_POINTS];
};

/** A ring (inner 0: disc) inner..outer that takes a uniform flux out of a cylinder of the radius `cell`, whose concentration is held at the
    height `above`: mean concentration of the plane minus that of the ring, per excess of the flux of the ring over that of the plane around
    it, times D [m]. */
double tgv_plating_mouth_length(double inner, double outer, double cell, double above);
/** inner, outer: radii of the mouth before plating. `layer`: diffusion layer; `reference`: of the potential. */
void tgv_plating_mouth_init(struct tgv_plating_mouth *m, double inner, double outer, double cell,
                            double layer, double reference);
/** Linear between the points of `length` (m->ion or m->potential). */
double tgv_plating_mouth_at(const struct tgv_plating_mouth *m, const double *length, double half_width);

#endif
