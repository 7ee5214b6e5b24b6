// SPDX-License-Identifier: MIT
// What mapring.h says holds here, too. Numbers of 64 bits are BigInts; options that take them also
// take numbers. Failures are Errors with the library's sentence and its `code`.
/// <reference types="node" />
import { Readable, ReadableOptions, Writable } from 'stream';

export type Data = string | Uint8Array;
export type Scope = 'local' | 'global';
export type From = 'unread' | 'oldest' | 'newest' | 'sequence' | 'run';
export type Whole = number | bigint;

export interface RingOptions {
    how?: 'create-or-attach' | 'create' | 'attach';
    scope?: Scope;
    capacityBytes?: Whole;
    slotBytes?: number;
    mode?: number;
    whenFull?: 'unspecified' | 'block' | 'drop' | 'overwrite';
    sync?: 'none' | 'close' | 'interval';
    syncIntervalMs?: number;
    prefault?: boolean;
    huge?: boolean;
    onNumaNode?: boolean;
    numaNode?: number;
    trustOwner?: boolean;
    dictionaryBytes?: Whole;
    content?: string;
    times?: boolean;
    maxLagAttachedBytes?: Whole;
    group?: string;
    origin?: string;
    firstSequence?: Whole;
}

export interface ReaderOptions {
    scope?: Scope;
    from?: From;
    prefault?: boolean;
    waitProducer?: boolean;
    /** Iterating goes on with the next producer. */
    follow?: boolean;
    /** Called where records are missing; without it, iterating throws the Lost. */
    onLost?: (lost: Lost) => void;
}

export interface ConsumerOptions extends ReaderOptions {
    sequence?: Whole;
    name?: string;
    durable?: boolean;
    maxLagBytes?: Whole;
    wakeBytes?: Whole;
    wakeDelayNs?: Whole;
    everyRun?: boolean;
}

export interface ObserverOptions extends ReaderOptions {
    afterLap?: From;
}

export interface MergeOptions extends ReaderOptions {
    afterLap?: From;
    ringsLimit?: number;
    name?: string;
    maxLagBytes?: Whole;
    graceNs?: Whole;
    durable?: boolean;
    observe?: boolean;
}

/** What is thrown: `code` is MAPRING_ERROR_NOT_THERE and the like, as in C, or MAPRING_CLOSED. */
export interface MapringError extends Error {
    code: string;
    /** The library's number for it. */
    result?: number;
    /** The errno or GetLastError() behind it, or 0. */
    system?: number;
    ring?: string;
}

/** Records are missing; `code` is MAPRING_LOST. */
export interface Lost extends MapringError {
    sequence: bigint;
    lostRecords: bigint;
    lostBytes: bigint;
    timeNs: bigint;
    lostUntilNs: bigint;
}

/** A producer has ended; `code` is MAPRING_PRODUCER_CLOSED or MAPRING_PRODUCER_DIED. */
export interface EndOfRun extends MapringError {
    /** Which run it was, as in C. */
    run: bigint;
}

export interface Record {
    /** A copy. Records of one batch share its memory. */
    readonly payload: Buffer;
    readonly sequence: bigint;
    readonly continued: boolean;
    readonly continues: boolean;
    /** Nanoseconds since 1970 in a ring with times, otherwise 0n. */
    readonly timeNs: bigint;
    readonly timeUncertaintyNs: bigint;
    /** With a merge: where it is from, and whether one with a later time came before it. */
    readonly ring?: string;
    readonly late: boolean;
}

interface Handle {
    readonly name: string;
    readonly closed: boolean;
    /** Closes it; who waits for it gets an error. To close it again does nothing. */
    close(): Promise<void>;
}

export class Producer implements Handle {
    private constructor();
    static open(name: string, options?: RingOptions): Promise<Producer>;
    readonly name: string;
    readonly closed: boolean;
    readonly recordLimit: number;
    /** Sends a record if there is room; returns whether it was written. */
    trySend(data: Data, options?: { part?: boolean }): boolean;
    /** Sends records that become visible all at once, or not at all. */
    trySendBatch(records: readonly Data[]): boolean;
    /** Waits for room; false if a ring that drops has dropped it. Await one before the next. */
    send(data: Data, options?: { part?: boolean }): Promise<boolean>;
    sendBatch(records: readonly Data[]): Promise<boolean>;
    /** Adds an entry to the ring's dictionary, or finds it; returns its offset. */
    define(kind: number, payload: Data): bigint;
    /** Waits until so many consumers are attached; `timeout` is in milliseconds. */
    waitConsumers(count?: number, options?: { timeout?: number }): Promise<void>;
    /** Waits until everything has been read; `timeout` is in milliseconds. */
    drain(options?: { timeout?: number }): Promise<void>;
    close(): Promise<void>;
}

/** Iterating ends when the producer has ended or the ring was removed: `ended` says which. */
interface Reader extends Handle, AsyncIterable<Record> {
    follow: boolean;
    onLost?: (lost: Lost) => void;
    readonly ended?: 'closed' | 'died' | 'removed';
    /** The next record if there is one. Releases what was returned before. */
    tryNext(): Record | undefined;
    /** The records that are there, at most `limit` (1 to 1024): much cheaper for each. */
    tryNextBatch(limit?: number): Record[];
    /** Waits for a record. Rejects with MAPRING_PRODUCER_CLOSED and the like, once for each. */
    next(): Promise<Record>;
    nextBatch(limit?: number): Promise<Record[]>;
    batches(limit?: number): AsyncGenerator<Record[], void, undefined>;
    /** Releases what was returned: it counts as read. */
    release(): void;
}

export class Consumer implements Reader {
    private constructor();
    static open(name: string, options?: ConsumerOptions): Promise<Consumer>;
    readonly name: string;
    readonly closed: boolean;
    follow: boolean;
    onLost?: (lost: Lost) => void;
    readonly ended?: 'closed' | 'died' | 'removed';
    tryNext(): Record | undefined;
    tryNextBatch(limit?: number): Record[];
    next(): Promise<Record>;
    nextBatch(limit?: number): Promise<Record[]>;
    batches(limit?: number): AsyncGenerator<Record[], void, undefined>;
    release(): void;
    /** Goes on elsewhere. */
    seek(from: From, sequence?: Whole): void;
    close(): Promise<void>;
    [Symbol.asyncIterator](): AsyncGenerator<Record, void, undefined>;
}

export class Observer implements Reader {
    private constructor();
    static open(name: string, options?: ObserverOptions): Promise<Observer>;
    readonly name: string;
    readonly closed: boolean;
    follow: boolean;
    onLost?: (lost: Lost) => void;
    readonly ended?: 'closed' | 'died' | 'removed';
    tryNext(): Record | undefined;
    tryNextBatch(limit?: number): Record[];
    next(): Promise<Record>;
    nextBatch(limit?: number): Promise<Record[]>;
    batches(limit?: number): AsyncGenerator<Record[], void, undefined>;
    release(): void;
    close(): Promise<void>;
    [Symbol.asyncIterator](): AsyncGenerator<Record, void, undefined>;
}

export class Merge implements Reader {
    private constructor();
    static open(names: readonly string[], options?: MergeOptions): Promise<Merge>;
    readonly name: string;
    readonly closed: boolean;
    follow: boolean;
    onLost?: (lost: Lost) => void;
    readonly ended?: 'closed' | 'died' | 'removed';
    /** Adds a ring, or all that match a pattern; resolves to whether there is one already. */
    add(name: string): Promise<boolean>;
    tryNext(): Record | undefined;
    tryNextBatch(limit?: number): Record[];
    next(): Promise<Record>;
    nextBatch(limit?: number): Promise<Record[]>;
    batches(limit?: number): AsyncGenerator<Record[], void, undefined>;
    release(): void;
    close(): Promise<void>;
    [Symbol.asyncIterator](): AsyncGenerator<Record, void, undefined>;
}

export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'off';

export interface LogReaderOptions {
    scope?: Scope;
    from?: From;
    afterLap?: From;
    /** Only lines of at least that level. */
    level?: Level;
    /** Of a consumer, for logs that do not overwrite. */
    name?: string;
    graceNs?: Whole;
    durable?: boolean;
    observe?: boolean;
    waitProducer?: boolean;
    /** Called where lines are missing; without it, iterating throws the Lost. */
    onLost?: (lost: Lost) => void;
}

/** A number where that is exact, otherwise a BigInt; null is a null pointer. */
export type LogValue = number | bigint | string | null;

/** A line of a log; String(line) is its text. */
export interface LogLine {
    /** 'unset' where a record is no line: the text says what could be made of it. */
    readonly level: Level | 'unset';
    /** Nanoseconds since 1970. */
    readonly timeNs: bigint;
    readonly timeUncertaintyNs: bigint;
    readonly time: Date;
    readonly text: string;
    readonly values: readonly LogValue[];
    /** The values that have a name: `order=%d` names one. */
    readonly fields: { readonly [name: string]: LogValue };
    /** Whether the log has kept only the beginning of a string. */
    readonly cut: boolean;
    readonly format: string;
    readonly file: string;
    readonly line: number;
    readonly function: string;
    readonly process: number | bigint;
    readonly thread: number | bigint;
    readonly threadName: string;
    readonly program: string;
    readonly ring: string;
    readonly sequence: bigint;
    toString(): string;
}

/** All rings of a log, in the order of time: one for each thread that writes to it, also those that
 * appear later. Iterating passes over the ends of threads and programs, and waits for more lines.
 * What is said about one ring has its name in `ring`. */
export class LogReader implements Handle {
    private constructor();
    static open(name: string, options?: LogReaderOptions): Promise<LogReader>;
    readonly name: string;
    readonly closed: boolean;
    onLost?: (lost: Lost) => void;
    /** How the last one of its writers has ended. */
    readonly ended?: 'closed' | 'died' | 'removed';
    /** The next line if there is one. The line before counts as read then. */
    tryNext(): LogLine | undefined;
    tryNextBatch(limit?: number): LogLine[];
    /** Waits for a line. Rejects with MAPRING_PRODUCER_CLOSED and the like, once for each. */
    next(): Promise<LogLine>;
    nextBatch(limit?: number): Promise<LogLine[]>;
    batches(limit?: number): AsyncGenerator<LogLine[], void, undefined>;
    close(): Promise<void>;
    [Symbol.asyncIterator](): AsyncGenerator<LogLine, void, undefined>;
}

/** The level from which on a log writes lines. */
export function getLevel(name: string, scope?: Scope): Level;
/** Sets it, for all processes that write to the log, and until its ring is removed. */
export function setLevel(name: string, level: Level, scope?: Scope): void;

export interface ReadStreamOptions extends ConsumerOptions {
    objectMode?: boolean;
    highWaterMark?: ReadableOptions['highWaterMark'];
    /** What follows each payload, such as '\n'. */
    delimiter?: string;
}

/** The payloads of a ring, or with objectMode its records, until its producer has ended. Both kinds
 * of streams emit 'open' when they have opened the ring. */
export function createReadStream(name: string, options?: ReadStreamOptions): Readable;

/** Each chunk becomes a record, or several parts of one if it is longer than a record may be. */
export function createWriteStream(name: string,
                                  options?: RingOptions & { highWaterMark?: number }): Writable;

/** The names of the rings in a scope. */
export function list(scope?: Scope): string[];
/** Removes a ring; with `force`, also one that is in use. */
export function remove(name: string, options?: { scope?: Scope, force?: boolean }): Promise<void>;
export const libraryVersion: string;
