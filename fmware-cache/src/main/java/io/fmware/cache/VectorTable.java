package io.fmware.cache;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a {@link VectorIndex}: entries, and beside them the codes for the scan, in flat arrays. One thread at a time may
 * change it, any number may read meanwhile: a handle is published after its code, and since it carries its own vector, a reader
 * that meets the code of a slot's next or last vector can misjudge only one that comes or goes during the search.
 *
 * @param <T> what entries stand for
 */
final class VectorTable<T> {
    private final int words;
    private final AtomicReferenceArray<VectorIndex.@Nullable Handle<T>> entries;
    private final int[] free;
    private int freed;
    private volatile int used;

    final long[] codes;
    final float[] scales;

    VectorTable(int capacity, int words) {
        this.words = words;
        entries = new AtomicReferenceArray<>(capacity);
        codes = new long[Math.multiplyExact(capacity, words)];
        scales = new float[capacity];
        free = new int[capacity];
    }

    /** A table with the entries of another and room for a number of them; the other stays as it is for those who read it. */
    VectorTable<T> copy(int capacity) {
        VectorTable<T> copy = new VectorTable<>(capacity, words);
        int to = 0;
        for (int from = 0; from < used; from++) {
            VectorIndex.Handle<T> handle = entries.getPlain(from);
            if (handle != null) {
                System.arraycopy(codes, from * words, copy.codes, to * words, words);
                copy.scales[to] = scales[from];
                handle.slot = to;
                copy.entries.setPlain(to++, handle);
            }
        }
        copy.used = to;
        return copy;
    }

    int capacity() {
        return scales.length;
    }

    /** The number of entries, for those who change it. */
    int size() {
        return used - freed;
    }

    /** The number of slots that were ever taken; above it are none. */
    int used() {
        return used;
    }

    VectorIndex.@Nullable Handle<T> handle(int slot) {
        return entries.getAcquire(slot);
    }

    void add(VectorIndex.Handle<T> handle, SignCode code) {
        int slot = freed > 0 ? free[--freed] : used;
        System.arraycopy(code.bits, 0, codes, slot * words, words);
        scales[slot] = code.scale;
        handle.slot = slot;
        entries.setRelease(slot, handle);
        if (slot == used) {
            used = slot + 1;
        }
    }

    boolean remove(VectorIndex.Handle<T> handle) {
        int slot = handle.slot;
        if (slot >= used || entries.getPlain(slot) != handle) {
            return false;
        }
        entries.setRelease(slot, null);
        // Signs that look far from every query, so that searches do not begin with empty slots.
        Arrays.fill(codes, slot * words, (slot + 1) * words, 0);
        free[freed++] = slot;
        return true;
    }
}
