package io.fmware.retry;

import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Counts what became of strategies. Bounded, since verdicts may name anything: what is beyond is counted together. Thread-safe. */
final class RepromptCounts {
    private static final int MOST = 200;
    private static final Key OTHERS = new Key("others", "others");

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Count> counts = new TreeMap<>();

    private record Key(String validator, String strategy) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int order = validator.compareTo(other.validator);
            return order == 0 ? strategy.compareTo(other.strategy) : order;
        }
    }

    private static final class Count {
        private long tried;
        private long worked;
        private long reported;
        private long tokens;
    }

    void count(String validator, String strategy, boolean worked, @Nullable TokenUsage usage) {
        lock.lock();
        try {
            Key key = new Key(validator, strategy);
            Count count = counts.computeIfAbsent(
                    counts.size() < MOST || counts.containsKey(key) ? key : OTHERS, each -> new Count());
            count.tried++;
            count.worked += worked ? 1 : 0;
            Integer took = usage == null ? null : usage.totalTokenCount();
            if (took != null) {
                count.reported++;
                count.tokens += took;
            }
        } finally {
            lock.unlock();
        }
    }

    RepromptReport report() {
        List<RepromptReport.Line> lines = new ArrayList<>();
        lock.lock();
        try {
            counts.forEach((key, count) -> lines.add(new RepromptReport.Line(
                    key.validator,
                    key.strategy,
                    count.tried,
                    count.worked,
                    count.reported == 0 ? 0 : (double) count.tokens / count.reported)));
        } finally {
            lock.unlock();
        }
        return new RepromptReport(lines);
    }
}
