/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hashes, HMACs and ciphers by the vectors that their standards print, cut at every byte; then at every length against OpenSSL's EVP interface,
 * which the product does not use: two ways into one library, so what is checked is our composition and our use of it.
 */
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/crypto/ciphers.h"
#include "core/util/text.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define HASHES (PLT_HASH_SHA512 + 1)
#define LONGEST 300 /* past two blocks of SHA-512, with its lengths */

static void check_hex(const char *what, const uint8_t *got, size_t n, const char *want)
{
    char hex[2 * 64 + 1];
    plt_hex(hex, got, n);
    if (strcmp(hex, want) != 0) fail_msg("%s: %s instead of %s", what, hex, want);
}

/* ---- hashes ---- */

#define A62 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define D80 "12345678901234567890123456789012345678901234567890123456789012345678901234567890"
#define T448 "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
#define T896 "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"

/* RFC 1321 A.5; the examples of FIPS 180. */
static void hashes_cut_everywhere(void **state)
{
    static const struct {
        plt_hash_kind kind;
        const char *text, *want;
    } cases[] = {
        {PLT_HASH_MD5, "", "d41d8cd98f00b204e9800998ecf8427e"},
        {PLT_HASH_MD5, "a", "0cc175b9c0f1b6a831c399e269772661"},
        {PLT_HASH_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72"},
        {PLT_HASH_MD5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
        {PLT_HASH_MD5, "abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
        {PLT_HASH_MD5, A62, "d174ab98d277d9f5a5611c2c9f419d9f"},
        {PLT_HASH_MD5, D80, "57edf4a22be3c955ac49da2e2107b67a"},
        {PLT_HASH_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
        {PLT_HASH_SHA1, T448, "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
        {PLT_HASH_SHA224, "abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
        {PLT_HASH_SHA224, T448, "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525"},
        {PLT_HASH_SHA256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {PLT_HASH_SHA256, T448, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {PLT_HASH_SHA384, "abc", "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"},
        {PLT_HASH_SHA384, T896, "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039"},
        {PLT_HASH_SHA512, "abc",
         "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
        {PLT_HASH_SHA512, T896,
         "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909"},
    };
    plt_hash h;
    uint8_t out[PLT_HASH_MAX];
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t n = strlen(cases[i].text);
        for (size_t cut = 0; cut <= n; cut++) {
            plt_hash_begin(&h, cases[i].kind);
            plt_hash_add(&h, cases[i].text, cut);
            plt_hash_add(&h, cases[i].text + cut, n - cut);
            assert_int_equal(plt_hash_end(&h, out), plt_hash_size(cases[i].kind));
            check_hex(cases[i].text, out, plt_hash_size(cases[i].kind), cases[i].want);
        }
        plt_hash_begin(&h, cases[i].kind);
        for (size_t k = 0; k < n; k++) plt_hash_add(&h, cases[i].text + k, 1);
        check_hex("byte by byte", out, plt_hash_end(&h, out), cases[i].want);
    }
}

/* FIPS 180: a million times "a". */
static void hashes_of_a_million(void **state)
{
    static const struct {
        plt_hash_kind kind;
        const char *want;
    } cases[] = {
        {PLT_HASH_MD5, "7707d6ae4e027c70eea2a935c2296f21"},
        {PLT_HASH_SHA1, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"},
        {PLT_HASH_SHA224, "20794655980c91d8bbb4c1ea97618a4bf03f42581948b2ee4ee7ad67"},
        {PLT_HASH_SHA256, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
        {PLT_HASH_SHA384, "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b07b8b3dc38ecc4ebae97ddd87f3d8985"},
        {PLT_HASH_SHA512,
         "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b"},
    };
    uint8_t block[1000], out[PLT_HASH_MAX];
    plt_hash h;
    (void)state;
    memset(block, 'a', sizeof block);
    for (size_t i = 0; i < COUNT(cases); i++) {
        plt_hash_begin(&h, cases[i].kind);
        for (int k = 0; k < 1000; k++) plt_hash_add(&h, block, sizeof block);
        check_hex("a million", out, plt_hash_end(&h, out), cases[i].want);
    }
}

static void a_hash_leaves_nothing(void **state)
{
    static const plt_hash clean;
    (void)state;
    for (plt_hash_kind k = 0; k < HASHES; k++) {
        plt_hash h;
        uint8_t out[PLT_HASH_MAX];
        memset(&h, 0xA5, sizeof h);
        plt_hash_begin(&h, k);
        plt_hash_add(&h, "secret", 6);
        plt_hash_end(&h, out);
        assert_memory_equal(&h, &clean, sizeof h);
    }
}

/* ---- HMAC ---- */

#define COUNTING "\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19"

typedef struct octets {
    const char *text; /* NULL: n times the byte */
    uint8_t byte;
    size_t n;
} octets;

static const uint8_t *octets_of(octets o, uint8_t room[256])
{
    if (o.text)
        memcpy(room, o.text, o.n);
    else
        memset(room, o.byte, o.n);
    return room;
}

/* RFC 2202 (MD5, SHA-1) and RFC 4231 (SHA-2; without its case 5, which is cut short). */
static void hmacs_of_the_standards(void **state)
{
    static const struct {
        plt_hash_kind kind;
        octets key, data;
        const char *want;
    } cases[] = {
        {PLT_HASH_MD5, {NULL, 0x0b, 16}, {"Hi There", 0, 8}, "9294727a3638bb1c13f48ef8158bfc9d"},
        {PLT_HASH_MD5, {"Jefe", 0, 4}, {"what do ya want for nothing?", 0, 28}, "750c783e6ab0b503eaa86e310a5db738"},
        {PLT_HASH_MD5, {NULL, 0xaa, 16}, {NULL, 0xdd, 50}, "56be34521d144c88dbb8c733f0e8b3f6"},
        {PLT_HASH_MD5, {COUNTING, 0, 25}, {NULL, 0xcd, 50}, "697eaf0aca3a3aea3a75164746ffaa79"},
        {PLT_HASH_MD5, {NULL, 0x0c, 16}, {"Test With Truncation", 0, 20}, "56461ef2342edc00f9bab995690efd4c"},
        {PLT_HASH_MD5, {NULL, 0xaa, 80}, {"Test Using Larger Than Block-Size Key - Hash Key First", 0, 54}, "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd"},
        {PLT_HASH_MD5,
         {NULL, 0xaa, 80},
         {"Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data", 0, 73},
         "6f630fad67cda0ee1fb1f562db3aa53e"},
        {PLT_HASH_SHA1, {NULL, 0x0b, 20}, {"Hi There", 0, 8}, "b617318655057264e28bc0b6fb378c8ef146be00"},
        {PLT_HASH_SHA1, {"Jefe", 0, 4}, {"what do ya want for nothing?", 0, 28}, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
        {PLT_HASH_SHA1, {NULL, 0xaa, 20}, {NULL, 0xdd, 50}, "125d7342b9ac11cd91a39af48aa17b4f63f175d3"},
        {PLT_HASH_SHA1, {COUNTING, 0, 25}, {NULL, 0xcd, 50}, "4c9007f4026250c6bc8414f9bf50c86c2d7235da"},
        {PLT_HASH_SHA1, {NULL, 0x0c, 20}, {"Test With Truncation", 0, 20}, "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"},
        {PLT_HASH_SHA1,
         {NULL, 0xaa, 80},
         {"Test Using Larger Than Block-Size Key - Hash Key First", 0, 54},
         "aa4ae5e15272d00e95705637ce8a3b55ed402112"},
        {PLT_HASH_SHA1,
         {NULL, 0xaa, 80},
         {"Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data", 0, 73},
         "e8e99d0f45237d786d6bbaa7965c7808bbff1a91"},
        {PLT_HASH_SHA224, {NULL, 0x0b, 20}, {"Hi There", 0, 8}, "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22"},
        {PLT_HASH_SHA224, {"Jefe", 0, 4}, {"what do ya want for nothing?", 0, 28}, "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44"},
        {PLT_HASH_SHA224, {NULL, 0xaa, 20}, {NULL, 0xdd, 50}, "7fb3cb3588c6c1f6ffa9694d7d6ad2649365b0c1f65d69d1ec8333ea"},
        {PLT_HASH_SHA224, {COUNTING, 0, 25}, {NULL, 0xcd, 50}, "6c11506874013cac6a2abc1bb382627cec6a90d86efc012de7afec5a"},
        {PLT_HASH_SHA224,
         {NULL, 0xaa, 131},
         {"Test Using Larger Than Block-Size Key - Hash Key First", 0, 54},
         "95e9a0db962095adaebe9b2d6f0dbce2d499f112f2d2b7273fa6870e"},
        {PLT_HASH_SHA224,
         {NULL, 0xaa, 131},
         {"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the "
          "HMAC algorithm.",
          0, 152},
         "3a854166ac5d9f023f54d517d0b39dbd946770db9c2b95c9f6f565d1"},
        {PLT_HASH_SHA256, {NULL, 0x0b, 20}, {"Hi There", 0, 8}, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {PLT_HASH_SHA256,
         {"Jefe", 0, 4},
         {"what do ya want for nothing?", 0, 28},
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {PLT_HASH_SHA256, {NULL, 0xaa, 20}, {NULL, 0xdd, 50}, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {PLT_HASH_SHA256, {COUNTING, 0, 25}, {NULL, 0xcd, 50}, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        {PLT_HASH_SHA256,
         {NULL, 0xaa, 131},
         {"Test Using Larger Than Block-Size Key - Hash Key First", 0, 54},
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {PLT_HASH_SHA256,
         {NULL, 0xaa, 131},
         {"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the "
          "HMAC algorithm.",
          0, 152},
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
        {PLT_HASH_SHA384,
         {NULL, 0x0b, 20},
         {"Hi There", 0, 8},
         "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6"},
        {PLT_HASH_SHA384,
         {"Jefe", 0, 4},
         {"what do ya want for nothing?", 0, 28},
         "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"},
        {PLT_HASH_SHA384,
         {NULL, 0xaa, 20},
         {NULL, 0xdd, 50},
         "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27"},
        {PLT_HASH_SHA384,
         {COUNTING, 0, 25},
         {NULL, 0xcd, 50},
         "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb"},
        {PLT_HASH_SHA384,
         {NULL, 0xaa, 131},
         {"Test Using Larger Than Block-Size Key - Hash Key First", 0, 54},
         "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952"},
        {PLT_HASH_SHA384,
         {NULL, 0xaa, 131},
         {"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the "
          "HMAC algorithm.",
          0, 152},
         "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e"},
        {PLT_HASH_SHA512,
         {NULL, 0x0b, 20},
         {"Hi There", 0, 8},
         "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"},
        {PLT_HASH_SHA512,
         {"Jefe", 0, 4},
         {"what do ya want for nothing?", 0, 28},
         "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
        {PLT_HASH_SHA512,
         {NULL, 0xaa, 20},
         {NULL, 0xdd, 50},
         "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb"},
        {PLT_HASH_SHA512,
         {COUNTING, 0, 25},
         {NULL, 0xcd, 50},
         "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd"},
        {PLT_HASH_SHA512,
         {NULL, 0xaa, 131},
         {"Test Using Larger Than Block-Size Key - Hash Key First", 0, 54},
         "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"},
        {PLT_HASH_SHA512,
         {NULL, 0xaa, 131},
         {"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the "
          "HMAC algorithm.",
          0, 152},
         "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58"},
    };
    uint8_t key[256], data[256], out[PLT_HASH_MAX];
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t n = plt_hmac(cases[i].kind, octets_of(cases[i].key, key), cases[i].key.n, octets_of(cases[i].data, data), cases[i].data.n, out);
        check_hex("HMAC", out, n, cases[i].want);
    }
}

/* ---- against the other interface ---- */

static const EVP_MD *evp_md(plt_hash_kind k)
{
    const EVP_MD *const all[HASHES] = {EVP_md5(), EVP_sha1(), EVP_sha224(), EVP_sha256(), EVP_sha384(), EVP_sha512()};
    return all[k];
}

static void fill(uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++) p[i] = (uint8_t)(i * 167 + 13);
}

static void every_length_hashes_alike(void **state)
{
    uint8_t data[LONGEST], got[PLT_HASH_MAX], want[EVP_MAX_MD_SIZE];
    unsigned want_n;
    (void)state;
    fill(data, sizeof data);
    for (plt_hash_kind k = 0; k < HASHES; k++) {
        for (size_t n = 0; n <= sizeof data; n++) {
            plt_hash h;
            plt_hash_begin(&h, k);
            plt_hash_add(&h, data, n);
            size_t got_n = plt_hash_end(&h, got);
            assert_int_equal(EVP_Digest(data, n, want, &want_n, evp_md(k), NULL), 1);
            assert_int_equal(got_n, want_n);
            assert_memory_equal(got, want, got_n);
            /* A key of that length. */
            assert_non_null(HMAC(evp_md(k), data, (int)n, data, 77, want, &want_n));
            assert_int_equal(plt_hmac(k, data, n, data, 77, got), want_n);
            assert_memory_equal(got, want, want_n);
        }
    }
}

static const struct {
    plt_cipher_kind kind;
    size_t key, block;
    const EVP_CIPHER *(*evp)(void);
} ciphers[] = {
    {PLT_AES_CBC, 16, 16, EVP_aes_128_cbc},      {PLT_AES_CBC, 24, 16, EVP_aes_192_cbc},      {PLT_AES_CBC, 32, 16, EVP_aes_256_cbc},
    {PLT_AES_CFB128, 16, 1, EVP_aes_128_cfb128}, {PLT_AES_CFB128, 24, 1, EVP_aes_192_cfb128}, {PLT_AES_CFB128, 32, 1, EVP_aes_256_cfb128},
    {PLT_3DES_CBC, 24, 8, EVP_des_ede3_cbc},
};

static void evp_encrypt(const EVP_CIPHER *c, const uint8_t *key, const uint8_t *iv, const uint8_t *in, uint8_t *out, size_t n)
{
    int got = 0;
    EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
    assert_int_equal(EVP_EncryptInit_ex(x, c, NULL, key, iv), 1);
    EVP_CIPHER_CTX_set_padding(x, 0);
    assert_int_equal(EVP_EncryptUpdate(x, out, &got, in, (int)n), 1);
    assert_int_equal(got, n);
    EVP_CIPHER_CTX_free(x);
}

/* Memory of exactly n octets, so that the sanitizer sees one more. */
static void every_length_encrypts_alike(void **state)
{
    uint8_t key[32], iv[16], data[LONGEST], want[LONGEST];
    (void)state;
    fill(data, sizeof data);
    fill(key, sizeof key);
    fill(iv, sizeof iv);
    for (size_t i = 0; i < COUNT(ciphers); i++) {
        plt_cipher_key k = {key, ciphers[i].key};
        for (size_t n = 1; n <= sizeof data; n++) {
            uint8_t *out = malloc(n);
            bool whole = n % ciphers[i].block == 0;
            assert_non_null(out);
            memcpy(out, data, n);
            assert_int_equal(plt_encrypt(ciphers[i].kind, k, iv, data, out, n), whole);
            if (whole) {
                evp_encrypt(ciphers[i].evp(), key, iv, data, want, n);
                assert_memory_equal(out, want, n);
                assert_true(plt_decrypt(ciphers[i].kind, k, iv, out, out, n));
            }
            assert_memory_equal(out, data, n);
            free(out);
        }
    }
}

/* A long text may go another way than short ones: it is what its pieces are, each chained with the last block of the one before. */
static void long_aes_is_its_pieces(void **state)
{
    enum { ALL = 4096, PIECE = 128 };
    static uint8_t data[ALL], whole[ALL], pieces[ALL], back[ALL];
    uint8_t key[32], iv[16], chain[16];
    (void)state;
    fill(data, sizeof data);
    fill(key, sizeof key);
    fill(iv, sizeof iv);
    for (size_t n = 16; n <= sizeof key; n += 8) {
        plt_cipher_key k = {key, n};
        memcpy(chain, iv, sizeof chain);
        for (size_t i = 0; i < ALL; i += PIECE) {
            assert_true(plt_encrypt(PLT_AES_CBC, k, chain, data + i, pieces + i, PIECE));
            memcpy(chain, pieces + i + PIECE - sizeof chain, sizeof chain);
        }
        for (size_t size = PIECE; size <= ALL; size += 16) {
            assert_true(plt_encrypt(PLT_AES_CBC, k, iv, data, whole, size));
            assert_memory_equal(whole, pieces, size);
            assert_true(plt_decrypt(PLT_AES_CBC, k, iv, whole, back, size));
            assert_memory_equal(back, data, size);
            assert_true(plt_decrypt(PLT_AES_CBC, k, iv, whole, whole, size));
            assert_memory_equal(whole, data, size);
        }
    }
    assert_false(plt_encrypt(PLT_AES_CBC, (plt_cipher_key){key, 16}, iv, data, whole, ALL - 1));
}

/* What USM has as DES was 3DES with one key three times: the two are one. */
static void des_is_3des_of_one_key(void **state)
{
    uint8_t key[24], iv[8], data[64], once[64], thrice[64];
    (void)state;
    fill(data, sizeof data);
    fill(iv, sizeof iv);
    for (size_t i = 0; i < sizeof key; i++) key[i] = (uint8_t)(i % 8 * 31 + 7);
    assert_true(plt_encrypt(PLT_DES_CBC, (plt_cipher_key){key, 8}, iv, data, once, sizeof data));
    assert_true(plt_encrypt(PLT_3DES_CBC, (plt_cipher_key){key, 24}, iv, data, thrice, sizeof data));
    assert_memory_equal(once, thrice, sizeof once);
}

/* ---- ciphers ---- */

#define AES_IV "000102030405060708090a0b0c0d0e0f"
#define AES_TEXT "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"

/* SP 800-38A F.2 and F.3; FIPS 81 C; SP 800-17 and 800-20, tables of the variable text and key; SP 800-67 B.1, a block each. */
static void ciphers_of_the_standards(void **state)
{
    static const struct {
        plt_cipher_kind kind;
        const char *key, *iv, *plain, *sealed;
    } cases[] = {
        {PLT_AES_CBC, "2b7e151628aed2a6abf7158809cf4f3c", AES_IV, AES_TEXT,
         "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b273bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7"},
        {PLT_AES_CBC, "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", AES_IV, AES_TEXT,
         "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd"},
        {PLT_AES_CBC, "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", AES_IV, AES_TEXT,
         "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b"},
        {PLT_AES_CFB128, "2b7e151628aed2a6abf7158809cf4f3c", AES_IV, AES_TEXT,
         "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b26751f67a3cbb140b1808cf187a4f4dfc04b05357c5d1c0eeac4c66f9ff7f2e6"},
        {PLT_AES_CFB128, "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", AES_IV, AES_TEXT,
         "cdc80d6fddf18cab34c25909c99a417467ce7f7f81173621961a2b70171d3d7a2e1e8a1dd59b88b1c8e60fed1efac4c9c05f9f9ca9834fa042ae8fba584b09ff"},
        {PLT_AES_CFB128, "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", AES_IV, AES_TEXT,
         "dc7e84bfda79164b7ecd8486985d386039ffed143b28b1c832113c6331e5407bdf10132415e54b92a13ed0a8267ae2f975a385741ab9cef82031623d55b1e471"},
        {PLT_DES_CBC, "0123456789abcdef", "1234567890abcdef", "4e6f77206973207468652074696d6520666f7220616c6c20",
         "e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6"},
        {PLT_DES_CBC, "0101010101010101", "0000000000000000", "8000000000000000", "95f8a5e5dd31d900"},
        {PLT_DES_CBC, "0101010101010101", "0000000000000000", "4000000000000000", "dd7f121ca5015619"},
        {PLT_DES_CBC, "8001010101010101", "0000000000000000", "0000000000000000", "95a8d72813daa94d"},
        {PLT_3DES_CBC, "800101010101010180010101010101018001010101010101", "0000000000000000", "0000000000000000", "95a8d72813daa94d"},
        {PLT_3DES_CBC, "0123456789abcdef23456789abcdef01456789abcdef0123", "0000000000000000", "5468652071756663", "a826fd8ce53b855f"},
        {PLT_3DES_CBC, "0123456789abcdef23456789abcdef01456789abcdef0123", "0000000000000000", "6b2062726f776e20", "cce21c8112256fe6"},
        {PLT_3DES_CBC, "0123456789abcdef23456789abcdef01456789abcdef0123", "0000000000000000", "666f78206a756d70", "68d5c05dd9b6b900"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint8_t key[32], iv[16], data[64], out[64];
        size_t key_n = strlen(cases[i].key) / 2, n = strlen(cases[i].plain) / 2;
        assert_true(plt_unhex(key, key_n, cases[i].key) && plt_unhex(iv, strlen(cases[i].iv) / 2, cases[i].iv) && plt_unhex(data, n, cases[i].plain));
        assert_true(plt_encrypt(cases[i].kind, (plt_cipher_key){key, key_n}, iv, data, out, n));
        check_hex("sealed", out, n, cases[i].sealed);
        assert_true(plt_decrypt(cases[i].kind, (plt_cipher_key){key, key_n}, iv, out, out, n));
        check_hex("opened", out, n, cases[i].plain);
    }
}

static void what_does_not_fit_is_refused(void **state)
{
    static const struct {
        plt_cipher_kind kind;
        size_t key, n;
    } cases[] = {
        {PLT_AES_CBC, 0, 16},    {PLT_AES_CBC, 15, 16}, {PLT_AES_CBC, 33, 16}, {PLT_AES_CBC, 16, 15},  {PLT_AES_CBC, 16, 17},
        {PLT_AES_CFB128, 8, 16}, {PLT_DES_CBC, 7, 8},   {PLT_DES_CBC, 24, 8},  {PLT_DES_CBC, 8, 7},    {PLT_DES_CBC, 8, 9},
        {PLT_3DES_CBC, 8, 8},    {PLT_3DES_CBC, 16, 8}, {PLT_3DES_CBC, 32, 8}, {PLT_3DES_CBC, 24, 12}, {PLT_DES_CBC, 8, (size_t)1 << 31},
    };
    static const uint8_t key[40], iv[16], in[32];
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint8_t out[32], as_before[32];
        memset(out, 0x5A, sizeof out);
        memcpy(as_before, out, sizeof out);
        assert_false(plt_encrypt(cases[i].kind, (plt_cipher_key){key, cases[i].key}, iv, in, out, cases[i].n));
        assert_false(plt_decrypt(cases[i].kind, (plt_cipher_key){key, cases[i].key}, iv, in, out, cases[i].n));
        assert_memory_equal(out, as_before, sizeof out);
    }
}

static void each_bit_makes_a_difference(void **state)
{
    uint8_t a[48], b[48];
    (void)state;
    fill(a, sizeof a);
    memcpy(b, a, sizeof b);
    assert_true(plt_same_octets(a, b, sizeof a));
    for (size_t bit = 0; bit < 8 * sizeof b; bit++) {
        b[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(plt_same_octets(a, b, sizeof a));
        b[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_cut_everywhere),        cmocka_unit_test(hashes_of_a_million),         cmocka_unit_test(a_hash_leaves_nothing),
        cmocka_unit_test(hmacs_of_the_standards),       cmocka_unit_test(every_length_hashes_alike),   cmocka_unit_test(every_length_encrypts_alike),
        cmocka_unit_test(long_aes_is_its_pieces),       cmocka_unit_test(des_is_3des_of_one_key),      cmocka_unit_test(ciphers_of_the_standards),
        cmocka_unit_test(what_does_not_fit_is_refused), cmocka_unit_test(each_bit_makes_a_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
