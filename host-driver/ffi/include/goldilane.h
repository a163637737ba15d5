/* Goldilane: TFHE bootstraps on a board, for programs in C. Link with -lgoldilane.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 *   goldilane_open -> goldilane_prepare_bsk -> goldilane_load_key -> goldilane_load_lut -> goldilane_bootstrap ..
 *   -> goldilane_free_lut, goldilane_free_key -> goldilane_close
 *
 * Every function answers GOLDILANE_OK or one of the numbers below. What went wrong stands in goldilane_last_error() as
 * well. A failed call writes nothing, but where something else is said.
 *
 * Pointers: a null pointer, one that is not aligned, and an array of another size than needed are answered with an error.
 * Beyond that a pointer must point to what its type and its size say. The library keeps no pointer after a call and gives
 * none away but the device and the error's text. Memory is the caller's: he makes and frees all of it.
 *
 * Threads: a device may be used on several threads; calls wait for one another. After goldilane_close it is gone.
 *
 * Words of a ciphertext are modulo 2^64, k*N mask words, then the body. n, N, k, b and l are those of the literature. */
#ifndef GOLDILANE_H
#define GOLDILANE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Outcome of a call. */
typedef int32_t goldilane_status;

enum {
    GOLDILANE_OK = 0,
    GOLDILANE_NULL_POINTER = 1,   /* a pointer is null that must not be */
    GOLDILANE_BAD_ARGUMENT = 2,   /* a name that is none, a key that is not loaded, parameters out of every range */
    GOLDILANE_WRONG_SIZE = 3,     /* an array has another size than its object */
    GOLDILANE_NO_DEVICE = 4,      /* the device cannot be opened: not there, in use, not allowed */
    GOLDILANE_UNSUPPORTED = 5,    /* the device is no board that this library can drive */
    GOLDILANE_DEVICE_FAILED = 6,  /* the device or what leads to it failed: connection, link, DMA memory */
    GOLDILANE_KEY_REFUSED = 7,    /* the key's numbers lie outside of the board's ranges */
    GOLDILANE_BOARD_ERROR = 8,    /* the board answered with an error: goldilane_last_board_code() */
    GOLDILANE_RESULT_LOST = 9,    /* a result did not arrive or does not fit its CRC */
    GOLDILANE_TIMED_OUT = 10,     /* the board completed nothing within the time limit */
    GOLDILANE_NO_FREE_SLOT = 11,  /* every key or table slot of the board is taken: free one */
    GOLDILANE_ENTRIES_FAILED = 12, /* some bootstraps of the batch failed, each by its own status */
    GOLDILANE_INTERNAL = 13       /* a mistake of the library; of the device only goldilane_close is possible after it */
};

/* An open board. */
typedef struct goldilane_device goldilane_device;

/* A key or a lookup table on a board. A stale one is answered with an error. */
typedef uint32_t goldilane_key;
typedef uint32_t goldilane_lut;

/* What a board says of itself. */
typedef struct goldilane_board {
    uint32_t abi_major; /* interface version */
    uint32_t abi_minor;
    uint32_t build_stamp;       /* of whoever built the board */
    uint32_t lanes;             /* coefficients per clock */
    uint32_t polynomial_size;   /* N */
    uint32_t glwe_dimension;    /* k */
    uint32_t max_lwe_dimension; /* largest n */
    uint32_t max_pbs_base_log;  /* largest b */
    uint32_t max_pbs_levels;    /* largest l */
    uint32_t slots;             /* bootstraps in flight together */
    uint32_t key_slots;
    uint32_t lut_slots;
} goldilane_board;

/* The numbers of a key: those of description.json in a folder of vectors, in the same order. */
typedef struct goldilane_parameters {
    uint32_t lwe_dimension;   /* n */
    uint32_t glwe_dimension;  /* k */
    uint32_t polynomial_size; /* N */
    uint32_t pbs_base_log;    /* b of the bootstrap base 2^b */
    uint32_t pbs_levels;      /* l */
    uint32_t ks_base_log;
    uint32_t ks_levels;
} goldilane_parameters;

/* One bootstrap, and what became of it. Coefficients 0, stride, 2 stride, .. are extracted, one ciphertext each. */
typedef struct goldilane_request {
    const uint64_t *input;   /* a ciphertext, k*N + 1 words */
    size_t input_words;      /* k*N + 1 */
    uint64_t *output;        /* the ciphertexts one after another; may be the input's place; unchanged on failure */
    size_t output_words;     /* degrees * (k*N + 1) */
    goldilane_lut lut;
    uint16_t degrees;        /* how many, 1 to 16; 1 for an ordinary bootstrap */
    uint16_t stride;         /* below N; 0 for an ordinary bootstrap */
    goldilane_status status; /* written by the call */
    uint32_t board_code;     /* written by the call: the board's code if status is GOLDILANE_BOARD_ERROR, else 0 */
} goldilane_request;

/* Opens a board: "socket:PATH" (a board process that serves vfio-user), "vfio:DOMAIN:BUS:DEVICE.FUNCTION" (a PCI device
 * that vfio-pci is bound to). The time limit is the longest time without any completion, in seconds; 0 stands for 300.
 * *device is null after a failure. */
goldilane_status goldilane_open(const char *name, uint32_t time_limit_seconds, goldilane_device **device);

/* Stops and closes a board and frees the device. Keys and tables that were not freed are gone with it where the device is
 * reset between users, as boards behind a socket or VFIO are. */
goldilane_status goldilane_close(goldilane_device *device);

/* What the board says of itself. */
goldilane_status goldilane_describe(const goldilane_device *device, goldilane_board *board);

/* Brings a bootstrapping key from the standard domain, 64-bit words [i < n][level, deepest first][row <= k][column <= k][N],
 * into the domain in which goldilane_load_key takes it: the values of each polynomial, modulo 2^64 - 2^32 + 1, at the odd
 * powers of a 2N-th root of unity, by ascending exponent, times 1/N. Both have n * l * (k + 1)^2 * N words and may be the same
 * place. Needs no board: a prepared key can be kept in a file. */
goldilane_status goldilane_prepare_bsk(const goldilane_parameters *parameters, const uint64_t *bsk, size_t bsk_words,
                                       uint64_t *prepared, size_t prepared_words);

/* Loads a key: the prepared bootstrapping key, and the key-switching key modulo 2^32,
 * [input coefficient < k*N][level, deepest first][n + 1], k*N * ks_levels * (n + 1) words. */
goldilane_status goldilane_load_key(goldilane_device *device, const goldilane_parameters *parameters, const uint64_t *bsk,
                                    size_t bsk_words, const uint32_t *ksk, size_t ksk_words, goldilane_key *key);

/* Takes a key off the board, which zeroises it. */
goldilane_status goldilane_free_key(goldilane_device *device, goldilane_key key);

/* Loads a lookup table: a body polynomial of N words, or a GLWE ciphertext of (k + 1)N words, mask first. */
goldilane_status goldilane_load_lut(goldilane_device *device, const uint64_t *words, size_t count, goldilane_lut *lut);

/* Takes a lookup table off the board, which zeroises it. */
goldilane_status goldilane_free_lut(goldilane_device *device, goldilane_lut lut);

/* Bootstraps a batch and waits for it. GOLDILANE_OK: all are done. GOLDILANE_ENTRIES_FAILED: some are, says the status of
 * each, and the last error is the first one's. Anything else: none is, and no status was written. Give many at once: a board
 * works on as many together as it has slots. */
goldilane_status goldilane_bootstrap(goldilane_device *device, goldilane_key key, goldilane_request *requests, size_t count);

/* What went wrong in this thread's last call that failed: a text in UTF-8, valid until its next such call; never null. */
const char *goldilane_last_error(void);

/* The board's code in this thread's last call that failed, as in goldilane_abi.h and docs/host_interface.md; 0 if the board
 * had nothing to do with it. */
uint32_t goldilane_last_board_code(void);

#ifdef __cplusplus
}
#endif

#endif
