/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of platen-lab. argv[0] is the command's own name; the result is the exit code (2: usage). */
#ifndef PLATEN_LAB_MAIN_H
#define PLATEN_LAB_MAIN_H

int lab_farm_main(int argc, char **argv);
int lab_order_main(int argc, char **argv);
int lab_printer_main(int argc, char **argv);
int lab_read_main(int argc, char **argv);
int lab_send_main(int argc, char **argv);

#endif
