package io.fmware.cache;

import java.util.ArrayList;
import java.util.List;

/**
 * The entries most similar to a query among those looked at so far, nearest first. Not thread-safe: a search has its own.
 *
 * @param <T> what entries stand for
 */
final class NearestEntries<T> {
    private final int most;
    private final List<VectorIndex.Match<T>> matches = new ArrayList<>();

    NearestEntries(int most) {
        this.most = most;
    }

    /** Says whether the entry is among the nearest for now; of two that are equally near the first one stays. */
    boolean offer(VectorIndex.Handle<T> handle, float similarity) {
        if (isFull()) {
            if (similarity <= least()) {
                return false;
            }
            matches.remove(most - 1);
        }
        int place = matches.size();
        while (place > 0 && matches.get(place - 1).similarity() < similarity) {
            place--;
        }
        matches.add(place, new VectorIndex.Match<>(handle, similarity));
        return true;
    }

    boolean isFull() {
        return matches.size() == most;
    }

    /** The similarity of the last one. */
    float least() {
        return matches.get(matches.size() - 1).similarity();
    }

    List<VectorIndex.Match<T>> toList() {
        return List.copyOf(matches);
    }
}
