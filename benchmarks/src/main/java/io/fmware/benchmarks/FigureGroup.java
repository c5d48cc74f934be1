package io.fmware.benchmarks;

import java.util.List;
import java.util.Set;

/** Figures that are measured in one go. */
interface FigureGroup {

    /** The names of the figures, in the order in which they are printed. */
    List<String> names();

    /** Measures the figures of the given names, all of which are of this group, and prints what can be measured here. */
    void measure(Set<String> wanted, Output output) throws Exception;
}
