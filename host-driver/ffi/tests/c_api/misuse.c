/* Calls that must fail, each with its number, on a toy board: misuse socket:PATH. Exit code 0: every answer was right. */
#include <goldilane.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(goldilane_board) == 48, "as the library has it");
_Static_assert(sizeof(goldilane_parameters) == 28, "as the library has it");
_Static_assert(sizeof(goldilane_request) == 48, "as the library has it");
_Static_assert(offsetof(goldilane_request, lut) == 32, "as the library has it");
_Static_assert(offsetof(goldilane_request, status) == 40, "as the library has it");

enum { N = 256, DIMENSION = 2, BSK = DIMENSION * 4 * N, KSK = N * 4 * (DIMENSION + 1), CIPHERTEXT = N + 1, LUT_SLOTS = 4 };

static int wrong;

/* One call, what it must answer, and what its text must hold. */
static void expect(int line, goldilane_status found, goldilane_status expected, const char *text)
{
    int told = expected == GOLDILANE_OK || strstr(goldilane_last_error(), text) != NULL;
    if (found == expected && told)
        return;
    printf("line %d: status %d where %d was expected, text: %s\n", line, (int)found, (int)expected, goldilane_last_error());
    wrong++;
}
#define EXPECT(call, status, text) expect(__LINE__, (call), (status), (text))
#define CHECK(condition) expect(__LINE__, (condition) ? 0 : -1, 0, "")

static const goldilane_parameters parameters = {DIMENSION, 1, N, 23, 1, 4, 4};
static uint64_t bsk[BSK], table[2 * N + 1], input[CIPHERTEXT], output[2 * CIPHERTEXT];
static uint32_t ksk[KSK];

static void opening(const char *name)
{
    goldilane_device *device = (goldilane_device *)&wrong;
    EXPECT(goldilane_open(NULL, 0, &device), GOLDILANE_NULL_POINTER, "name");
    CHECK(device == NULL);
    EXPECT(goldilane_open(name, 0, NULL), GOLDILANE_NULL_POINTER, "device");
    EXPECT(goldilane_open("model", 0, &device), GOLDILANE_BAD_ARGUMENT, "socket:PATH");
    EXPECT(goldilane_open("socket:", 0, &device), GOLDILANE_BAD_ARGUMENT, "without a path");
    EXPECT(goldilane_open("vfio:1", 0, &device), GOLDILANE_BAD_ARGUMENT, "PCI address");
    EXPECT(goldilane_open("socket:\xff", 0, &device), GOLDILANE_BAD_ARGUMENT, "UTF-8");
    EXPECT(goldilane_open("socket:/nobody/here.sock", 0, &device), GOLDILANE_NO_DEVICE, "/nobody/here.sock");
    EXPECT(goldilane_open("vfio:ffff:ff:1f.7", 0, &device), GOLDILANE_NO_DEVICE, "ffff:ff:1f.7");
    CHECK(device == NULL && goldilane_last_board_code() == 0);
    EXPECT(goldilane_close(NULL), GOLDILANE_NULL_POINTER, "device");
}

static void preparing(void)
{
    goldilane_parameters bad = parameters;
    EXPECT(goldilane_prepare_bsk(NULL, bsk, BSK, bsk, BSK), GOLDILANE_NULL_POINTER, "parameters");
    EXPECT(goldilane_prepare_bsk(&parameters, NULL, BSK, bsk, BSK), GOLDILANE_NULL_POINTER, "bsk");
    EXPECT(goldilane_prepare_bsk(&parameters, bsk, BSK, NULL, BSK), GOLDILANE_NULL_POINTER, "prepared");
    EXPECT(goldilane_prepare_bsk(&parameters, bsk, BSK - 1, bsk, BSK), GOLDILANE_WRONG_SIZE, "2047");
    EXPECT(goldilane_prepare_bsk(&parameters, bsk, BSK, bsk, BSK - 1), GOLDILANE_WRONG_SIZE, "2047");
    EXPECT(goldilane_prepare_bsk(&parameters, bsk, SIZE_MAX / 8, bsk, BSK), GOLDILANE_WRONG_SIZE, "no memory");
    EXPECT(goldilane_prepare_bsk(&parameters, (uint64_t *)((char *)bsk + 1), 8, bsk, BSK), GOLDILANE_BAD_ARGUMENT, "aligned");
    bad.pbs_levels = UINT32_MAX;
    EXPECT(goldilane_prepare_bsk(&bad, bsk, BSK, bsk, BSK), GOLDILANE_BAD_ARGUMENT, "levels");
    bad = parameters;
    bad.polynomial_size = 100;
    EXPECT(goldilane_prepare_bsk(&bad, bsk, BSK, bsk, BSK), GOLDILANE_BAD_ARGUMENT, "100");
    EXPECT(goldilane_prepare_bsk(&parameters, bsk, BSK, bsk, BSK), GOLDILANE_OK, "");
}

static goldilane_key loading(goldilane_device *device)
{
    goldilane_key key = 77, other;
    goldilane_parameters bad = parameters;
    goldilane_board board;
    EXPECT(goldilane_describe(NULL, &board), GOLDILANE_NULL_POINTER, "device");
    EXPECT(goldilane_describe(device, NULL), GOLDILANE_NULL_POINTER, "board");
    EXPECT(goldilane_describe(device, &board), GOLDILANE_OK, "");
    CHECK(board.polynomial_size == N && board.glwe_dimension == 1 && board.lanes == 4 && board.slots == 3);
    CHECK(board.key_slots == 2 && board.lut_slots == LUT_SLOTS && board.max_pbs_levels == 3);
    EXPECT(goldilane_load_key(NULL, &parameters, bsk, BSK, ksk, KSK, &key), GOLDILANE_NULL_POINTER, "device");
    EXPECT(goldilane_load_key(device, NULL, bsk, BSK, ksk, KSK, &key), GOLDILANE_NULL_POINTER, "parameters");
    EXPECT(goldilane_load_key(device, &parameters, NULL, BSK, ksk, KSK, &key), GOLDILANE_NULL_POINTER, "bsk");
    EXPECT(goldilane_load_key(device, &parameters, bsk, BSK, NULL, KSK, &key), GOLDILANE_NULL_POINTER, "ksk");
    EXPECT(goldilane_load_key(device, &parameters, bsk, BSK, ksk, KSK, NULL), GOLDILANE_NULL_POINTER, "key");
    EXPECT(goldilane_load_key(device, &parameters, bsk, BSK - 1, ksk, KSK, &key), GOLDILANE_WRONG_SIZE, "bootstrapping key");
    EXPECT(goldilane_load_key(device, &parameters, bsk, BSK, ksk, 0, &key), GOLDILANE_WRONG_SIZE, "key-switching key");
    bad.polynomial_size = 2048;
    EXPECT(goldilane_load_key(device, &bad, bsk, BSK, ksk, KSK, &key), GOLDILANE_KEY_REFUSED, "2048");
    bad = parameters;
    bad.pbs_base_log = 24;
    EXPECT(goldilane_load_key(device, &bad, bsk, BSK, ksk, KSK, &key), GOLDILANE_KEY_REFUSED, "pbs_base_out_of_range");
    CHECK(goldilane_last_board_code() == 20 && key == 77);
    EXPECT(goldilane_load_key(device, &parameters, bsk, BSK, ksk, KSK, &key), GOLDILANE_OK, "");
    EXPECT(goldilane_load_key(device, &parameters, bsk, BSK, ksk, KSK, &other), GOLDILANE_OK, "");
    EXPECT(goldilane_load_key(device, &parameters, bsk, BSK, ksk, KSK, &other), GOLDILANE_NO_FREE_SLOT, "2 slots");
    EXPECT(goldilane_free_key(NULL, other), GOLDILANE_NULL_POINTER, "device");
    EXPECT(goldilane_free_key(device, other), GOLDILANE_OK, "");
    EXPECT(goldilane_free_key(device, other), GOLDILANE_BAD_ARGUMENT, "not loaded");
    return key;
}

static goldilane_lut tables(goldilane_device *device)
{
    goldilane_lut luts[LUT_SLOTS + 1];
    EXPECT(goldilane_load_lut(NULL, table, N, luts), GOLDILANE_NULL_POINTER, "device");
    EXPECT(goldilane_load_lut(device, NULL, N, luts), GOLDILANE_NULL_POINTER, "words");
    EXPECT(goldilane_load_lut(device, table, N, NULL), GOLDILANE_NULL_POINTER, "lut");
    EXPECT(goldilane_load_lut(device, table, 2 * N + 1, luts), GOLDILANE_WRONG_SIZE, "513");
    for (size_t index = 0; index < LUT_SLOTS; index++)
        EXPECT(goldilane_load_lut(device, table, index % 2 ? N : 2 * N, &luts[index]), GOLDILANE_OK, "");
    EXPECT(goldilane_load_lut(device, table, N, &luts[LUT_SLOTS]), GOLDILANE_NO_FREE_SLOT, "4 slots");
    EXPECT(goldilane_free_lut(NULL, luts[0]), GOLDILANE_NULL_POINTER, "device");
    EXPECT(goldilane_free_lut(device, luts[3]), GOLDILANE_OK, "");
    EXPECT(goldilane_free_lut(device, luts[3]), GOLDILANE_BOARD_ERROR, "unknown_lut");
    CHECK(goldilane_last_board_code() == 12);
    return luts[0];
}

static void bootstrapping(goldilane_device *device, goldilane_key key, goldilane_lut lut)
{
    const goldilane_request good = {input, CIPHERTEXT, output, CIPHERTEXT, lut, 1, 0, -1, 99};
    goldilane_request requests[3] = {good, good, good}, *one = requests;
    EXPECT(goldilane_bootstrap(NULL, key, one, 1), GOLDILANE_NULL_POINTER, "device");
    EXPECT(goldilane_bootstrap(device, key, NULL, 1), GOLDILANE_NULL_POINTER, "requests");
    EXPECT(goldilane_bootstrap(device, key, one, SIZE_MAX / 16), GOLDILANE_WRONG_SIZE, "requests");
    EXPECT(goldilane_bootstrap(device, key + 1, one, 1), GOLDILANE_BAD_ARGUMENT, "not loaded");
    EXPECT(goldilane_bootstrap(device, key, one, 0), GOLDILANE_OK, "");
    one->input = NULL;
    EXPECT(goldilane_bootstrap(device, key, one, 1), GOLDILANE_NULL_POINTER, "request 0: input");
    *one = good;
    one->output = NULL;
    EXPECT(goldilane_bootstrap(device, key, one, 1), GOLDILANE_NULL_POINTER, "request 0: output");
    *one = good;
    one->input_words--;
    EXPECT(goldilane_bootstrap(device, key, one, 1), GOLDILANE_WRONG_SIZE, "256 words where 257");
    *one = good;
    one->degrees = 2;
    EXPECT(goldilane_bootstrap(device, key, one, 1), GOLDILANE_WRONG_SIZE, "257 words where 514");
    one->degrees = 0;
    EXPECT(goldilane_bootstrap(device, key, one, 1), GOLDILANE_BAD_ARGUMENT, "0 degrees");
    CHECK(one->status == -1 && one->board_code == 99);
    *one = good;

    /* A stride that no board takes fails alone. */
    requests[1].stride = N;
    requests[1].output = output + CIPHERTEXT;
    output[CIPHERTEXT] = 5;
    EXPECT(goldilane_bootstrap(device, key, requests, 3), GOLDILANE_ENTRIES_FAILED, "request 1: ");
    CHECK(goldilane_last_board_code() == 27);
    CHECK(requests[0].status == GOLDILANE_OK && requests[0].board_code == 0 && requests[2].status == GOLDILANE_OK);
    CHECK(requests[1].status == GOLDILANE_BOARD_ERROR && requests[1].board_code == 27);
    CHECK(output[CIPHERTEXT] == 5);

    /* A result may go where its input was. */
    memcpy(output + CIPHERTEXT, input, sizeof input);
    requests[1] = good;
    requests[1].input = requests[1].output = output + CIPHERTEXT;
    EXPECT(goldilane_bootstrap(device, key, requests, 2), GOLDILANE_OK, "");
    CHECK(memcmp(output, output + CIPHERTEXT, sizeof input) == 0 && memcmp(output, input, sizeof input) != 0);
}

int main(int count, char **arguments)
{
    if (count != 2)
        return 2;
    for (size_t index = 0; index < CIPHERTEXT; index++)
        input[index] = index * UINT64_C(0x9e3779b97f4a7c15);
    for (size_t index = 0; index < 2 * N; index++)
        table[index] = (uint64_t)index << 50;
    CHECK(goldilane_last_error()[0] == 0 && goldilane_last_board_code() == 0);
    opening(arguments[1]);
    preparing();
    goldilane_device *device, *second;
    EXPECT(goldilane_open(arguments[1], 20, &device), GOLDILANE_OK, "");
    if (device == NULL)
        return 1;
    EXPECT(goldilane_open(arguments[1], 20, &second), GOLDILANE_NO_DEVICE, "in use by another client");
    goldilane_key key = loading(device);
    goldilane_lut lut = tables(device);
    bootstrapping(device, key, lut);
    EXPECT(goldilane_close(device), GOLDILANE_OK, "");
    return wrong ? 1 : 0;
}
