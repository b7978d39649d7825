import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Connection } from "./connection.ts";
import { changeOf, type StreamEvents } from "./stream.ts";

interface Opened {
  readonly topics: readonly string[];
  readonly events: StreamEvents;
  closed: boolean;
}

function connected() {
  const streams: Opened[] = [];
  const refresh = vi.fn<(topic: string) => void>();
  const refreshAll = vi.fn<() => void>();
  const open = (topics: readonly string[], events: StreamEvents) => {
    const stream: Opened = { topics, events, closed: false };
    streams.push(stream);
    return { close: () => void (stream.closed = true) };
  };
  const connection = new Connection({ open, refresh, refreshAll });
  return { connection, streams, refresh, refreshAll, last: () => streams.at(-1) as Opened };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("topics that come together share a stream, and a topic is left when its last watcher goes", () => {
  const { connection, streams, refresh, last } = connected();
  expect(connection.mode.get()).toBe("idle");
  const first = connection.watching.add("jobs");
  const second = connection.watching.add("jobs");
  const third = connection.watching.add("job:12");
  vi.advanceTimersByTime(100);
  expect(streams.map(({ topics }) => topics)).toEqual([["job:12", "jobs"]]);
  expect(connection.mode.get()).toBe("connecting");
  last().events.hello();
  last().events.change("jobs", "1");
  last().events.change("jobs", "1");
  expect(refresh).toHaveBeenCalledExactlyOnceWith("jobs");
  last().events.change("jobs", "2");
  expect(refresh).toHaveBeenCalledTimes(2);
  first();
  vi.advanceTimersByTime(100);
  expect(streams).toHaveLength(1);
  second();
  third();
  vi.advanceTimersByTime(100);
  expect(streams[0]?.closed).toBe(true);
});

test("without a hello it asks by itself, tries again later and later, and reads all when a stream is back", () => {
  const { connection, streams, refreshAll, last } = connected();
  connection.watching.add("jobs");
  vi.advanceTimersByTime(100 + 3_000);
  expect(connection.mode.get()).toBe("polling");
  expect(streams[0]?.closed).toBe(true);
  vi.advanceTimersByTime(1_300);
  expect(streams).toHaveLength(2);
  last().events.failed();
  vi.advanceTimersByTime(1_400);
  expect(streams).toHaveLength(2);
  vi.advanceTimersByTime(1_200);
  expect(streams).toHaveLength(3);
  expect(refreshAll).toHaveBeenCalled();
  refreshAll.mockClear();
  last().events.hello();
  expect(connection.mode.get()).toBe("live");
  expect(refreshAll).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(60_000);
  expect(refreshAll).toHaveBeenCalledOnce();
});

test("a stream that ends is opened again before anything is asked", () => {
  const { connection, streams, refreshAll, last } = connected();
  connection.watching.add("jobs");
  vi.advanceTimersByTime(100);
  last().events.hello();
  last().events.failed();
  expect(connection.mode.get()).toBe("live");
  vi.advanceTimersByTime(1_300);
  expect(streams).toHaveLength(2);
  last().events.hello();
  expect(refreshAll).toHaveBeenCalledOnce();
  last().events.failed();
  vi.advanceTimersByTime(1_300);
  last().events.failed();
  expect(connection.mode.get()).toBe("polling");
});

test("a hidden page holds no stream and asks nothing; seen again it reads everything", () => {
  const { connection, streams, refreshAll, last } = connected();
  connection.watching.add("jobs");
  vi.advanceTimersByTime(100);
  last().events.failed();
  connection.setVisible(false);
  refreshAll.mockClear();
  vi.advanceTimersByTime(60_000);
  expect(refreshAll).not.toHaveBeenCalled();
  expect(streams.every(({ closed }) => closed)).toBe(true);
  connection.setVisible(true);
  expect(refreshAll).toHaveBeenCalledOnce();
  expect(last().closed).toBe(false);
});

test("data that names no topic changes nothing", () => {
  expect(changeOf('{"topic":"jobs","version":"1"}')).toEqual({ topic: "jobs", version: "1" });
  for (const data of ["", "null", "{}", '{"topic":1}', "{"]) expect(changeOf(data)).toBeUndefined();
});
