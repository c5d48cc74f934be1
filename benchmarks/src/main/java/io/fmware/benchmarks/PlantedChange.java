package io.fmware.benchmarks;

import java.util.Set;

/**
 * A workflow as it is recorded, and as it is replayed: with one thing changed.
 *
 * @param what the change
 * @param recorded the workflow as it is recorded
 * @param replayed the workflow as it is replayed
 * @param places the first place at which the two are not the same, where it has more than one right name all of them
 * @param hint the hint has to have one of these; empty where none is asked for
 */
record PlantedChange(String what, PlantedNode recorded, PlantedNode replayed, Set<String> places, Set<String> hint) {

    PlantedChange {
        places = Set.copyOf(places);
        hint = Set.copyOf(hint);
    }
}
