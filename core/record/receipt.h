/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A receipt's file: one line of JSON that holds what was counted, the certificate that signed it, and the signature. Pure: this is the form; whose
 * signature it is, os/crypto.h says. Each receipt has one form only, byte for byte: what is written otherwise is none, so that nothing in a file
 * can be changed without its being seen.
 *
 *   {"receipt":BODY,"certificate":"PEM, its line ends as \n","signature":"base64url"}
 *
 * BODY is a JSON object; its "signer" is the SHA-256 of the certificate's PEM text. The signature is over PLT_RECEIPT_CONTEXT and BODY.
 */
#ifndef PLATEN_CORE_RECORD_RECEIPT_H
#define PLATEN_CORE_RECORD_RECEIPT_H

#include <stddef.h>

#include "core/util/buf.h"
#include "core/util/status.h"

#define PLT_RECEIPT_MAX (16u << 20)
#define PLT_RECEIPT_PEM_MAX 8192
#define PLT_RECEIPT_SIGNATURE_MAX 512

#define PLT_RECEIPT_CONTEXT "Platen receipt 1\n"
/* The one purpose of the certificate that signs: an arc of ITU-T X.667, which needs no registration. */
#define PLT_RECEIPT_PURPOSE "2.25.312327783732979158396595867112464550121"

typedef struct plt_receipt {
    const char *body; /* borrowed from the file, body_n bytes */
    size_t body_n;
    char certificate[PLT_RECEIPT_PEM_MAX];     /* PEM */
    char signature[PLT_RECEIPT_SIGNATURE_MAX]; /* base64url */
} plt_receipt;

/* PLT_BAD: not this form. */
plt_status plt_receipt_split(const char *file, size_t n, plt_receipt *out);
/* Appends the file, with its line's end, to out. */
plt_status plt_receipt_join(const char *body, size_t n, const char *certificate, const char *signature, plt_buf *out);

#endif
