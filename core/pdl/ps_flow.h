/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the course of a PostScript program does to its count: ps_flow.c, ps_hidden.c, ps_known.c. A part of ps.h, which includes it behind what it
 * needs.
 */
#ifndef PLATEN_CORE_PDL_PS_FLOW_H
#define PLATEN_CORE_PDL_PS_FLOW_H

#define PS_SEEN 1024
#define PS_ASKED 64

/* Braces at the program's top level, and what is behind them. */
typedef struct ps_loop {
    bool open, closed; /* closed: with showpage in it, and the next token says what it is */
    bool bad;          /* how often it is executed cannot be told */
    bool nested, varies, fresh;
    bool counts;     /* showpage in it is no mere definition */
    uint8_t numbers; /* before it, and the last three: */
    double v[3];
    bool real;      /* the last one, which repeat does not take */
    uint32_t shown; /* showpage operators */
    plt_ink ink;    /* at the last of them */
} ps_loop;

/* A program behind filters of the job itself. */
typedef struct ps_hide {
    uint8_t state; /* of "currentfile /... filter cvx exec" */
    bool on;       /* it is being read, through ps.inner */
    bool chain, seen, broken;
    ps_image im; /* its filters */
} ps_hide;

typedef struct ps_flow {
    ps_loop loop;
    ps_hide hide;
    uint8_t numbers; /* plain numbers since the last other token, and the last three: */
    double v[3];
    bool real;       /* the last one was written with a point */
    uint32_t looped; /* pages by loops */
    bool driven;     /* there are definitions that were not all seen: a driver's prolog */
    bool wild;       /* things are executed or defined out of sight */
    bool jumps;      /* procedures leave loops or the program */
    bool own_words;  /* the job gives showpage, quit ... another meaning */
    size_t seen_n;
    uint64_t seen[PS_SEEN]; /* names that were written as literals; 0: free */
    struct ps_asked {
        uint64_t key; /* 0: none */
        bool known;
    } asked[PS_ASKED]; /* of the list of operators */
} ps_flow;

/* A token, before it counts for anything else; a number. */
void ps_flow_token(ps *s, ps_source *src, const ps_token *t);
void ps_flow_number(ps *s, double v, bool real);
/* A token, unless it is a name that means nothing while no filter is named. */
void ps_hidden_token(ps *s, ps_source *src, const ps_token *t);
/* Something else came while filters are named: they are not followed. */
void ps_hidden_lost(ps *s);
/* The filters' end, or the job's. */
void ps_hidden_end(ps *s, bool whole);
/* showpage inside of braces. */
void ps_flow_shown(ps *s);
/* Braces with showpage in them were no loop that can be followed. */
void ps_flow_lost(ps *s);
bool ps_known_operator(ps_flow *f, const ps_token *t);
bool ps_known_seen(const ps_flow *f, uint64_t key);
void ps_known_see(ps_flow *f, uint64_t key);

#endif
