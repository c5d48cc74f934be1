package io.fmware.cache;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds the vectors most similar to a given one, by cosine, among entries that come and go all the time.
 *
 * <p>It is flat: no graph that takes minutes to build and wears out with every removal. A search reads 48 bytes of each entry
 * (at 384 dimensions), compares those exactly that look nearest, and then those that by all odds are not farther. So a similarity
 * is always exact, and an entry is missed only where an estimate is off by more than {@link SignQuery} allows for. Up to
 * {@value #EXACT} entries, or below {@value #FEWEST_SIGNS} dimensions, where signs tell too little, it compares all.
 *
 * <p>What is given back for a vector is a {@link Handle}, not a number: a slot that is taken again has another handle, and nobody
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
     * A vector in an index.
     *
     * @param <T> what it stands for
     */
    static final class Handle<T> {
        private final float[] vector;
        private final T value;

        /** Where it is in the table, for those who change that. */
        int slot;

        private Handle(float[] vector, T value) {
            this.vector = vector;
            this.value = value;
        }

        T value() {
            return value;
        }

        /** The vector, of length one; not to be changed. */
        float[] vector() {
            return vector;
        }
    }

    /**
     * A vector that was found.
     *
     * @param handle the vector in the index
     * @param similarity the cosine of the angle between it and the query, -1 to 1
     * @param <T> what it stands for
     */
    record Match<T>(Handle<T> handle, float similarity) {
        T value() {
            return handle.value();
        }
    }

    /**
     * Comparing so many takes some 0.25 ms (a tenth of the 2 to 3 ms measured for 10,000), little beside an embedding, and misses
     * nothing.
     */
    static final int EXACT = 1024;

    /** One word of signs: with fewer the estimates are so rough that nearly everything is compared anyway. */
    static final int FEWEST_SIGNS = Long.SIZE;

    /** Most partitions hold one question: a table for more would cost more than its vector. */
    static final int LEAST_CAPACITY = 1;

    private static final int MOST_DIMENSIONS = Character.MAX_VALUE;

    /**
     * How many entries are compared first for each that is asked for: enough that the last of the nearest is nearly right, so that
     * few others have to be compared. Changes the time of a search, not what is found.
     */
    private static final int HEAD_START = 4;

    private final int dimension;
    private final RandomRotation rotation;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile VectorTable<T> table;
    private volatile int size;

    VectorIndex(int dimension) {
        this(new RandomRotation(checked(dimension)));
    }

    /** An index of vectors of the dimension of a rotation, which indexes may share: it is larger than a vector. */
    VectorIndex(RandomRotation rotation) {
        this.dimension = checked(rotation.dimension());
        this.rotation = rotation;
        this.table = new VectorTable<>(LEAST_CAPACITY, SignCode.words(dimension));
    }

    private static int checked(int dimension) {
        if (dimension < 1 || dimension > MOST_DIMENSIONS) {
            throw new IllegalArgumentException(
                    "the dimension of a vector index must be 1 to " + MOST_DIMENSIONS + ", but is " + dimension);
        }
        return dimension;
    }

    /** Adds a vector of any length but zero; a copy of it is kept. */
    Handle<T> add(float[] vector, T value) {
        Handle<T> handle = new Handle<>(UnitVector.of(vector, dimension), value);
        SignCode code = new SignCode(rotation.rotate(handle.vector));
        changing.lock();
        try {
            VectorTable<T> room = table;
            if (room.size() == room.capacity()) {
                room = room.copy(Math.addExact(room.capacity(), (room.capacity() + 1) / 2));
                table = room;
            }
            room.add(handle, code);
            size = room.size();
        } finally {
            changing.unlock();
        }
        return handle;
    }

    /** Removes a vector; false if it is not there, be it because it was removed before. */
    boolean remove(Handle<T> handle) {
        changing.lock();
        try {
            VectorTable<T> room = table;
            if (!room.remove(handle)) {
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
            compare(query, entries.handle(slot), nearest);
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
                compare(query, entries.handle(slot), nearest);
            }
        }
        if (nearest.isFull()) {
            signs.want(nearest.least());
        }
        for (int slot = 0; slot < differing.length; slot++) {
            if (differing[slot] > first
                    && differing[slot] <= signs.mostDiffering()
                    && signs.mayBeNear(entries.codes, slot * words, entries.scales[slot])
                    && compare(query, entries.handle(slot), nearest)
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

    private static <T> boolean compare(float[] query, @Nullable Handle<T> handle, NearestEntries<T> nearest) {
        if (handle == null) {
            return false;
        }
        float cosine = UnitVector.dot(query, handle.vector);
        return nearest.offer(handle, Math.max(-1, Math.min(1, cosine)));
    }
}
