package io.fmware.cache;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds the vectors most similar to a given one, by cosine, among entries that come and go all the time.
 *
 * <p>It is flat: no graph that takes minutes to build and wears out with every removal. A search reads 48 bytes of each entry
 * (at 384 dimensions), compares those exactly that look nearest, and then those that by all odds are not farther. So a similarity is always exact, and an entry is missed only where an estimate is off by more than
 * {@link SignQuery} allows for. Up to {@value #EXACT} entries, or below {@value #FEWEST_SIGNS} dimensions, where signs tell too
 * little, it compares all.
 *
 * <p>What is given back for a vector is an {@link Entry}, not a number: a slot that is taken again has another entry, and nobody
 * can remove or find the wrong one.
 *
 * <p>Thread-safe. Searches take no lock and wait for nobody; changes wait for one another. A search sees all that was added, and
 * nothing that was removed, before it began; what changes meanwhile it may see or not. Memory is in proportion to the entries
 * there are: slots are taken again, and the table is copied to another size as it fills and empties, which costs each change a
 * constant time on average.
 *
 * @param <T> what entries stand for
 */
final class VectorIndex<T> {
    /**
     * An entry of an index.
     *
     * @param <T> what it stands for
     */
    static final class Entry<T> {
        private final float[] vector;
        private final T value;

        /** Where it is in the table, for those who change that. */
        int slot;

        private Entry(float[] vector, T value) {
            this.vector = vector;
            this.value = value;
        }

        T value() {
            return value;
        }
    }

    /**
     * An entry that was found.
     *
     * @param entry the entry
     * @param similarity the cosine of the angle between its vector and the query, -1 to 1
     * @param <T> what the entry stands for
     */
    record Match<T>(Entry<T> entry, float similarity) {
        T value() {
            return entry.value();
        }
    }

    static final int EXACT = 1024;
    static final int FEWEST_SIGNS = 64;
    static final int LEAST_CAPACITY = 16;
    private static final int MOST_DIMENSIONS = Character.MAX_VALUE;

    /** How many entries are compared first for each that is asked for. */
    private static final int HEAD_START = 4;

    private final int dimension;
    private final RandomRotation rotation;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile VectorTable<T> table;
    private volatile int size;

    VectorIndex(int dimension) {
        if (dimension < 1 || dimension > MOST_DIMENSIONS) {
            throw new IllegalArgumentException(
                    "the dimension of a vector index must be 1 to " + MOST_DIMENSIONS + ", but is " + dimension);
        }
        this.dimension = dimension;
        this.rotation = new RandomRotation(dimension);
        this.table = new VectorTable<>(LEAST_CAPACITY, SignCode.words(dimension));
    }

    /** Adds a vector of any length but zero; a copy of it is kept. */
    Entry<T> add(float[] vector, T value) {
        Entry<T> entry = new Entry<>(UnitVector.of(vector, dimension), value);
        SignCode code = new SignCode(rotation.rotate(entry.vector));
        changing.lock();
        try {
            VectorTable<T> room = table;
            if (room.size() == room.capacity()) {
                room = room.copy(Math.addExact(room.capacity(), room.capacity() / 2));
                table = room;
            }
            room.add(entry, code);
            size = room.size();
        } finally {
            changing.unlock();
        }
        return entry;
    }

    /** Removes an entry; false if it is not there, be it because it was removed before. */
    boolean remove(Entry<T> entry) {
        changing.lock();
        try {
            VectorTable<T> room = table;
            if (!room.remove(entry)) {
                return false;
            }
            size = room.size();
            // A third: half as many entries have to come or go until it is copied again.
            if (room.capacity() > LEAST_CAPACITY && size <= room.capacity() / 3) {
                table = room.copy(Math.max(LEAST_CAPACITY, size + size / 2));
            }
            return true;
        } finally {
            changing.unlock();
        }
    }

    int size() {
        return size;
    }

    /** The number of slots there is memory for. */
    int capacity() {
        return table.capacity();
    }

    /** The entries nearest to a query, the nearest first; fewer than asked for if there are fewer. */
    List<Match<T>> nearest(float[] query, int most) {
        if (most < 1) {
            throw new IllegalArgumentException("the number of entries to find must be positive, but is " + most);
        }
        float[] unit = UnitVector.of(query, dimension);
        boolean exact = size <= EXACT || dimension < FEWEST_SIGNS;
        return exact ? compareAll(unit, most) : scan(unit, most);
    }

    private List<Match<T>> compareAll(float[] query, int most) {
        VectorTable<T> entries = table;
        NearestEntries<T> nearest = new NearestEntries<>(most);
        int used = entries.used();
        for (int slot = 0; slot < used; slot++) {
            compare(query, entries.entry(slot), nearest);
        }
        return nearest.toList();
    }

    private List<Match<T>> scan(float[] query, int most) {
        VectorTable<T> entries = table;
        NearestEntries<T> nearest = new NearestEntries<>(most);
        SignQuery signs = new SignQuery(rotation.rotate(query));
        // Characters are numbers of the right size: a dimension is no larger.
        char[] differing = new char[entries.used()];
        int[] counts = new int[dimension + 1];
        int words = SignCode.words(dimension);
        for (int slot = 0, start = 0; slot < differing.length; slot++, start += words) {
            int signsDiffering = signs.differing(entries.codes, start);
            differing[slot] = (char) signsDiffering;
            counts[signsDiffering]++;
        }
        // The nearest by signs come first, so that most others are known to be too far without a look at them.
        int first = limit(counts, (long) HEAD_START * most);
        for (int slot = 0; slot < differing.length; slot++) {
            if (differing[slot] <= first) {
                compare(query, entries.entry(slot), nearest);
            }
        }
        if (nearest.isFull()) {
            signs.want(nearest.least());
        }
        for (int slot = 0; slot < differing.length; slot++) {
            if (differing[slot] > first
                    && differing[slot] <= signs.mostDiffering()
                    && signs.mayBeNear(entries.codes, slot * words, entries.scales[slot])
                    && compare(query, entries.entry(slot), nearest)
                    && nearest.isFull()) {
                signs.want(nearest.least());
            }
        }
        return nearest.toList();
    }

    /** The least number that at least as many as wanted do not exceed. */
    private static int limit(int[] counts, long wanted) {
        long sum = counts[0];
        int limit = 0;
        while (sum < wanted && limit < counts.length - 1) {
            sum += counts[++limit];
        }
        return limit;
    }

    private static <T> boolean compare(float[] query, @Nullable Entry<T> entry, NearestEntries<T> nearest) {
        if (entry == null) {
            return false;
        }
        float cosine = UnitVector.dot(query, entry.vector);
        return nearest.offer(entry, Math.max(-1, Math.min(1, cosine)));
    }
}
