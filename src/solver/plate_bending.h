/* Thin plates under their own weight: a strip on two line supports, a strip that travels over rollers, a plate on a grid
   of pads, a plate bent to a radius. Closed forms. Moments are per width [N m/m], hogging below 0, loads in Pa. */
#ifndef TGV_SOLVER_PLATE_BENDING_H
#define TGV_SOLVER_PLATE_BENDING_H

struct tgv_plate {
  double E, nu, h; /* Pa, 1, m */
};

/** Bending stiffness E h^3 / (12 (1 - nu^2)) [N m]. */
double tgv_plate_stiffness(const struct tgv_plate *p);
/** Stress at the face, 6 M / h^2 [Pa]. */
double tgv_plate_stress(const struct tgv_plate *p, double moment);
/** Stress at the face of a plate that is bent to a cylinder of this radius, E h / (2 (1 - nu^2) R) [Pa]. */
double tgv_plate_bent(const struct tgv_plate *p, double radius);

/** A strip of this length under a uniform load on two line supports, each `overhang` from its end; 0 <= overhang <
    length / 2. x runs from one end; deflections are measured downwards from the supports. */
struct tgv_strip {
  double length, overhang, load;
};
double tgv_strip_moment(const struct tgv_strip *s, double x);
double tgv_strip_deflection(const struct tgv_strip *s, double stiffness, double x);
/** Mean deflection under the load: twice the strain energy over the load. Above 0. */
double tgv_strip_mean(const struct tgv_strip *s, double stiffness);

/** A long strip on rollers of one pitch; its end sticks out beyond the last roller by `overhang`. */
struct tgv_rollers {
  double pitch, overhang, load;
};
/** Deflection midway between two rollers far from the end. */
double tgv_rollers_sag(const struct tgv_rollers *r, double stiffness);
/** Deflection of the end; below 0 where the first span lifts it. */
double tgv_rollers_tip(const struct tgv_rollers *r, double stiffness);
/** Moment at the distance x from the end, on the overhang and in the first span: 0 <= x <= overhang + pitch. */
double tgv_rollers_moment(const struct tgv_rollers *r, double x);
/** The largest moment far from the end, over a roller: -q p^2 / 12. */
double tgv_rollers_inner(const struct tgv_rollers *r);

/** A plate on a square grid of round pads, each of which carries the load of one cell as a uniform pressure. Moments of
    the round cell of the same area. 0 < radius < 0.56 pitch. */
struct tgv_pads {
  double pitch, radius, load;
};
/** Moments in the radial and in the tangential direction at the distance r from the centre of a pad, 0 <= r <=
    pitch / sqrt(pi). */
void tgv_pads_moments(const struct tgv_pads *p, double nu, double r, double moment[2]);
/** Deflection amidst four point supports over that at the supports. */
double tgv_pads_sag(const struct tgv_pads *p, double stiffness);
/** Moments of the disc over a pad's recess, supported at its rim, under a suction pressure; 0 <= r <= radius. */
void tgv_recess_moments(double radius, double pressure, double nu, double r, double moment[2]);

#endif
