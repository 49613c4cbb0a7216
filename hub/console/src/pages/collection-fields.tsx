// SPDX-License-Identifier: Apache-2.0
//
// The fields of what an agent reads of the network: one credential, one range with its credentials in their order, the intervals. What they hold is
// checked by the hub; only what a field cannot take at all is kept from being sent.

import { intervalNames, intervals, type Collection, type Credential, type CredentialForm, type Interval, type RangeForm } from "../collection";
import { number } from "../format";
import { t } from "../language";

const auths = ["none", "sha1", "sha224", "sha256", "sha384", "sha512", "md5"];
const privs = ["none", "aes128", "aes192", "aes256", "aes192-reeder", "aes256-reeder", "des", "3des"];

export function Lines(props: { label: string; value: string; required?: boolean; set(value: string): void }) {
    return (
        <label class="field">
            <span>{props.label}</span>
            <textarea rows={2} spellcheck={false} required={props.required} value={props.value} onInput={(event) => props.set(event.currentTarget.value)} />
        </label>
    );
}

function Line(props: { label: string; value: string; most: number; set(value: string): void }) {
    return (
        <label class="field">
            <span>{props.label}</span>
            <input required autocomplete="off" spellcheck={false} maxLength={props.most} value={props.value} onInput={(event) => props.set(event.currentTarget.value)} />
        </label>
    );
}

/** Left empty, what the hub keeps stays; where it keeps none, it is needed. */
function Secret(props: { label: string; value: string | undefined; kept: boolean; set(value: string): void }) {
    return (
        <label class="field">
            <span>{props.label}</span>
            <input
                type="password"
                autocomplete="new-password"
                placeholder={props.kept ? t("collection.kept") : ""}
                required={!props.kept}
                maxLength={128}
                value={props.value ?? ""}
                onInput={(event) => props.set(event.currentTarget.value)}
            />
        </label>
    );
}

function Choice(props: { label: string; value: string; of: readonly (readonly [string, string])[]; set(value: string): void }) {
    return (
        <label class="field">
            <span>{props.label}</span>
            <select value={props.value} onChange={(event) => props.set(event.currentTarget.value)}>
                {props.of.map(([value, words]) => (
                    <option key={value} value={value}>
                        {words}
                    </option>
                ))}
            </select>
        </label>
    );
}

function TakeOff(props: { name: string; run(): void }) {
    return (
        <button type="button" class="button button-small" aria-label={t("collection.take.off.of", { name: props.name })} onClick={props.run}>
            {t("collection.take.off")}
        </button>
    );
}

interface CredentialProps {
    n: number;
    credential: CredentialForm;
    kept: boolean;
    put(change: Partial<CredentialForm>): void;
    drop(): void;
}

export function CredentialFields(props: CredentialProps) {
    const { credential: one, put } = props;
    const title = t("collection.credential", { n: props.n });
    return (
        <fieldset class="collection-part">
            <legend>{title}</legend>
            <div class="alert-numbers">
                <Line label={t("collection.name")} value={one.name} most={63} set={(name) => put({ name })} />
                <Choice
                    label={t("collection.kind")}
                    value={one.kind}
                    of={[
                        ["community", t("collection.kind.community")],
                        ["user", t("collection.kind.user")],
                    ]}
                    set={(kind) => put({ kind: kind as Credential["kind"] })}
                />
            </div>
            {one.kind === "community" ? (
                <Secret label={t("collection.community")} value={one.community} kept={props.kept} set={(community) => put({ community })} />
            ) : (
                <UserFields {...props} />
            )}
            <TakeOff name={title} run={props.drop} />
        </fieldset>
    );
}

const same = (words: readonly string[]): [string, string][] => words.map((word) => [word, word === "none" ? t("collection.none") : word]);

function UserFields({ credential: one, kept, put }: CredentialProps) {
    const auth = one.auth ?? "none";
    const priv = one.priv ?? "none";
    return (
        <>
            <Line label={t("collection.user")} value={one.user ?? ""} most={32} set={(user) => put({ user })} />
            <div class="alert-numbers">
                <Choice label={t("collection.auth")} value={auth} of={same(auths)} set={(word) => put({ auth: word })} />
                {auth !== "none" && <Secret label={t("collection.auth.password")} value={one.auth_password} kept={kept} set={(auth_password) => put({ auth_password })} />}
            </div>
            <div class="alert-numbers">
                <Choice label={t("collection.priv")} value={priv} of={same(privs)} set={(word) => put({ priv: word })} />
                {priv !== "none" && <Secret label={t("collection.priv.password")} value={one.priv_password} kept={kept} set={(priv_password) => put({ priv_password })} />}
            </div>
            <label class="check">
                <input type="checkbox" checked={one.weak ?? false} onChange={(event) => put({ weak: event.currentTarget.checked })} />
                <span>{t("collection.weak")}</span>
            </label>
        </>
    );
}

interface RangeProps {
    n: number;
    range: RangeForm;
    credentials: readonly CredentialForm[];
    put(change: Partial<RangeForm>): void;
    drop(): void;
}

export function RangeFields(props: RangeProps) {
    const { range, put } = props;
    const title = t("collection.range", { n: props.n });
    return (
        <fieldset class="collection-part">
            <legend>{title}</legend>
            <Line label={t("collection.name")} value={range.name} most={63} set={(name) => put({ name })} />
            <Lines label={t("collection.addresses")} value={range.addresses} required set={(addresses) => put({ addresses })} />
            <Order order={range.order} credentials={props.credentials} set={(order) => put({ order })} />
            <TakeOff name={title} run={props.drop} />
        </fieldset>
    );
}

/** Which credentials, in the order in which they are tried: one list for each, and one more to add the next. */
function Order(props: { order: readonly number[]; credentials: readonly CredentialForm[]; set(order: number[]): void }) {
    const { order, credentials, set } = props;
    const choose = (at: number, key: number): void => set([...order.slice(0, at), ...(key ? [key] : []), ...order.slice(at + 1)]);
    const left = (at: number): CredentialForm[] => credentials.filter((one) => one.name.trim() && (order[at] === one.key || !order.includes(one.key)));
    const places = order.length < Math.min(8, credentials.length) ? [...order, 0] : order;
    return (
        <div class="alert-numbers">
            {places.map((key, at) => (
                <Choice
                    key={at}
                    label={t("collection.tried", { n: at + 1 })}
                    value={String(key)}
                    of={[["0", t("collection.none")], ...left(at).map((one): [string, string] => [String(one.key), one.name])]}
                    set={(value) => choose(at, Number(value))}
                />
            ))}
            {credentials.length === 0 && <p class="soft">{t("collection.credential.first")}</p>}
        </div>
    );
}

export function Intervals(props: { minutes: Collection["minutes"]; put(name: Interval, minutes: number): void }) {
    return (
        <fieldset class="collection-part">
            <legend>{t("collection.minutes")}</legend>
            <div class="alert-numbers">
                {intervalNames.map((name) => {
                    const [least, most] = intervals[name];
                    return (
                        <label class="field" key={name}>
                            <span>{t(`collection.minutes.${name}`, { least: number(least), most: number(most) })}</span>
                            <input
                                type="number"
                                min={least}
                                max={most}
                                required
                                value={props.minutes[name]}
                                onInput={(event) => props.put(name, event.currentTarget.valueAsNumber || 0)}
                            />
                        </label>
                    );
                })}
            </div>
        </fieldset>
    );
}
