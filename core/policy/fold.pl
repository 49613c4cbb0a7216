#!/usr/bin/env perl
# SPDX-License-Identifier: Apache-2.0
# Writes fold_table.h from the character database that perl carries: `perl core/policy/fold.pl > core/policy/fold_table.h`.
use strict;
use warnings;
use Unicode::UCD qw(casefold);

my @pairs;
for my $from (0x80 .. 0x1FFFF) {
    my $fold = casefold($from) or next;
    next if !$fold->{simple};
    my $to = hex $fold->{simple};
    push @pairs, [$from, $to - $from] if $to != $from;
}
my (@runs, $run);
for my $p (@pairs) {
    my ($at, $by) = @$p;
    if ($run && $by == $run->{by}) {
        my $step = $at - $run->{last};
        if (($run->{n} == 1 && $step <= 2) || $step == $run->{step}) {
            @$run{qw(last step)} = ($at, $step);
            $run->{n}++;
            next;
        }
    }
    $run = {first => $at, last => $at, step => 1, by => $by, n => 1};
    push @runs, $run;
}
printf "/* SPDX-License-Identifier: Apache-2.0 */\n/* Simple case folding (CaseFolding.txt, status C and S) of Unicode %s behind ASCII: %d characters.\n   Written by fold.pl; not edited. */\n",
  Unicode::UCD::UnicodeVersion(), scalar @pairs;
print "#define POLICY_FOLD_UNICODE \"", Unicode::UCD::UnicodeVersion(), "\"\n\n/* clang-format off */\nstatic const fold_run fold_runs[] = {\n";
my @cells = map { sprintf "{0x%04X, 0x%04X, %d, %d},", @$_{qw(first last step by)} } @runs;
print "    ", join(" ", splice @cells, 0, 4), "\n" while @cells;
print "};\n/* clang-format on */\n";
