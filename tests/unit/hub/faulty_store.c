/* SPDX-License-Identifier: Apache-2.0 */
/* The faulty store: begin, commit, marks, and the writes of an upload. Everything else goes through. */
#include "faulty_store.h"

static bool hit(hub_store *s, hub_store **real)
{
    faulty_store *f = (faulty_store *)s;
    f->calls++;
    *real = f->real;
    return f->left && --f->left == 0;
}

#define FAULTY(name, params, args)                                                                                                                   \
    static plt_status name params                                                                                                                    \
    {                                                                                                                                                \
        hub_store *real;                                                                                                                             \
        return hit(s, &real) ? ((faulty_store *)s)->fault : real->ops->name args;                                                                    \
    }

FAULTY(begin, (hub_store * s), (real))
FAULTY(mark, (hub_store * s), (real))
FAULTY(keep, (hub_store * s), (real))
FAULTY(undo, (hub_store * s), (real))
FAULTY(tell, (hub_store * s, const hub_telling *t), (real, t))
FAULTY(agent_find, (hub_store * s, int64_t tenant_id, const char *agent, const char *serial, hub_agent *out), (real, tenant_id, agent, serial, out))
FAULTY(record_hash, (hub_store * s, int64_t tenant_id, const char *agent, int64_t seq, uint8_t hash[32]), (real, tenant_id, agent, seq, hash))
FAULTY(agent_seen, (hub_store * s, int64_t tenant_id, const char *agent, int64_t now), (real, tenant_id, agent, now))
FAULTY(records_add, (hub_store * s, int64_t tenant_id, const char *agent, const hub_record *r, size_t n, int64_t now, int64_t *new_jobs),
       (real, tenant_id, agent, r, n, now, new_jobs))

/* A commit that fails leaves nothing stored. */
static plt_status commit(hub_store *s)
{
    hub_store *real;
    if (!hit(s, &real)) return real->ops->commit(real);
    real->ops->rollback(real);
    return ((faulty_store *)s)->fault;
}

static void rollback(hub_store *s)
{
    faulty_store *f = (faulty_store *)s;
    f->real->ops->rollback(f->real);
}

static const char *problem(hub_store *s)
{
    (void)s;
    return "a fault of the test";
}

void faulty_store_init(faulty_store *f, hub_store *real, int n, plt_status fault)
{
    *f = (faulty_store){.ops = *real->ops, .real = real, .left = n, .fault = fault};
    f->base.ops = &f->ops;
    f->ops.begin = begin;
    f->ops.commit = commit;
    f->ops.rollback = rollback;
    f->ops.mark = mark;
    f->ops.keep = keep;
    f->ops.undo = undo;
    f->ops.tell = tell;
    f->ops.agent_find = agent_find;
    f->ops.record_hash = record_hash;
    f->ops.agent_seen = agent_seen;
    f->ops.records_add = records_add;
    f->ops.problem = problem;
}
