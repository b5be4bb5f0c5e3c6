/* Which stream of random numbers belongs to what. A stream is never used for two things. */
#ifndef TGV_MODEL_STREAMS_H
#define TGV_MODEL_STREAMS_H

enum {
  TGV_STREAM_NUGGET =
      0x01000000,              /* + k: normals 4k .. 4k + 3 of a via; index: number of the via on the panel */
  TGV_STREAM_LOT = 0x02000000, /* + input; key of panel 0 */
  TGV_STREAM_PANEL = 0x03000000,    /* + input */
  TGV_STREAM_FIELD = 0x04000000,    /* + input / 2: two fields a transform */
  TGV_STREAM_SCAN = 0x05000000,     /* + input; index: number of the scan field */
  TGV_STREAM_DEFECT = 0x06000000,   /* + record of defects */
  TGV_STREAM_RARE = 0x07000000,     /* importance sampling */
  TGV_STREAM_ENSEMBLE = 0x08000000, /* quasi-random shifts of the yield ensemble */
  TGV_STREAM_SOBOL = 0x09000000,    /* shifts of the sensitivity design */
  TGV_STREAM_STRENGTH = 0x48000000, /* + 2 record, + 1: m and scale of a population of flaws; index: draw */
};

#endif
