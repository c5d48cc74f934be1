package io.fmware.cache;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The questions that have an answer in the cache, by partition. Each change of a partition is made under the lock of its key in
 * the map, so that none is added to an index that has just left the map for being empty. Thread-safe.
 */
final class KnownQuestions {
    /** The objects around a vector, as measured in partitions of one question, which are most of them. */
    private static final int OVERHEAD = 600;

    private final Map<CacheKey, VectorIndex<Known>> partitions = new ConcurrentHashMap<>();
    private final Map<Entry, Place> places = new ConcurrentHashMap<>();
    /** Applications have one embedding model, and seldom two: so many dimensions there are. */
    private final Map<Integer, RandomRotation> rotations = new ConcurrentHashMap<>();

    /**
     * A question that was answered.
     *
     * @param entry its answer
     * @param question the question
     * @param answer a number that questions have in common whose answers were found to be the same
     */
    record Known(Entry entry, String question, int answer) {}

    /** Where an entry is. */
    private record Place(CacheKey partition, VectorIndex.Handle<Known> handle) {}

    /**
     * Adds a question.
     *
     * @throws IllegalArgumentException if the vector has no direction
     */
    void add(CacheKey partition, float[] vector, Known known) {
        partitions.compute(partition, (key, index) -> {
            VectorIndex<Known> room = index == null ? new VectorIndex<>(rotation(vector.length)) : index;
            places.put(known.entry(), new Place(partition, room.add(vector, known)));
            return room;
        });
    }

    private RandomRotation rotation(int dimension) {
        return rotations.computeIfAbsent(dimension, RandomRotation::new);
    }

    /** Adds a question where that of another entry is; does nothing if that has gone. */
    void addBeside(Entry other, Known known) {
        Place place = places.get(other);
        if (place != null) {
            add(place.partition(), place.handle().vector(), known);
        }
    }

    /** Forgets the question of an entry, if it has one. */
    void remove(Entry entry) {
        Place place = places.remove(entry);
        if (place != null) {
            partitions.computeIfPresent(place.partition(), (key, index) -> {
                index.remove(place.handle());
                return index.size() == 0 ? null : index;
            });
        }
    }

    /** The question of an entry, {@code null} where it has none. */
    @Nullable
    Known of(Entry entry) {
        Place place = places.get(entry);
        return place == null ? null : place.handle().value();
    }

    /** The questions of a partition that are nearest to a vector, nearest first. */
    List<VectorIndex.Match<Known>> nearest(CacheKey partition, float[] vector, int most) {
        VectorIndex<Known> index = partitions.get(partition);
        return index == null ? List.of() : index.nearest(vector, most);
    }

    /** The questions nearest to that of an entry, itself included; none if it has none. */
    List<VectorIndex.Match<Known>> nearest(Entry entry, int most) {
        Place place = places.get(entry);
        return place == null
                ? List.of()
                : nearest(place.partition(), place.handle().vector(), most);
    }

    /** What the question of an entry takes, estimated in bytes; 0 if it has none. */
    long bytes(Entry entry) {
        Place place = places.get(entry);
        return place == null
                ? 0
                : bytes(place.handle().value().question(), place.handle().vector().length);
    }

    /** What a question takes, estimated in bytes. */
    static long bytes(String question, int dimension) {
        return OVERHEAD + (long) Float.BYTES * dimension + dimension / Byte.SIZE + 2L * question.length();
    }

    int size() {
        return places.size();
    }

    int partitions() {
        return partitions.size();
    }
}
