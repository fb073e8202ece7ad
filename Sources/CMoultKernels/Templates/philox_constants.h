/* The constants of Philox4x32. Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC 2011). */
#define MK_PHILOX_M0 0xD2511F53u
#define MK_PHILOX_M1 0xCD9E8D57u
#define MK_PHILOX_W0 0x9E3779B9u
#define MK_PHILOX_W1 0xBB67AE85u
