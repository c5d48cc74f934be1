package io.fmware.benchmarks;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Measures figures by name. A name also stands for all names beneath it; without a name all figures are measured.
 *
 * <p>Run it with {@code benchmarks/run}.
 */
public final class Figures {
    private static final int USAGE = 2;

    private final List<FigureGroup> groups = List.of(
            ChainFigures.group(),
            new StreamFigures(),
            new RunFigures(),
            new SemconvFigures(),
            TraceFigures.group(),
            new RedactionFigures(),
            new CacheFigures(),
            new RecorderFigures(),
            new RecorderSearchFigures(),
            new RecorderKillFigures(),
            new RecorderDamageFigures(),
            new ReplayIdentityFigures(),
            new ReplayRateFigures(),
            new ReplayDivergenceFigures(),
            new ReplayAlarmFigures(),
            new ReplayForkFigures(),
            new ReplayStreamFigures(),
            new BankingFigures(),
            new SearchFigures(),
            new DistinctionFigures(),
            new RetryFigures(),
            ResilienceFigures.group(),
            new LatencyFigures(),
            new LoadFigures(),
            new BudgetFigures(),
            new TokenFigures(),
            new ExampleFigures());

    private Figures() {}

    /**
     * Measures.
     *
     * @param arguments names of figures, or {@code --list}
     * @throws Exception if a figure cannot be measured
     */
    public static void main(String[] arguments) throws Exception {
        Figures figures = new Figures();
        if (List.of(arguments).contains("--list")) {
            figures.names().forEach(System.out::println);
            return;
        }
        for (String asked : arguments) {
            if (figures.names().stream().noneMatch(name -> isBeneath(name, asked))) {
                System.err.println("there is no figure named '" + asked + "'; there are");
                figures.names().forEach(name -> System.err.println("  " + name));
                System.exit(USAGE);
            }
        }
        figures.measure(List.of(arguments), new Output(System.out, System.err));
    }

    private List<String> names() {
        return groups.stream().flatMap(group -> group.names().stream()).toList();
    }

    private static boolean isBeneath(String name, String asked) {
        return name.equals(asked) || name.startsWith(asked + ".");
    }

    private void measure(List<String> asked, Output output) throws Exception {
        for (FigureGroup group : groups) {
            Set<String> wanted = new LinkedHashSet<>(group.names());
            wanted.removeIf(name -> !asked.isEmpty() && asked.stream().noneMatch(a -> isBeneath(name, a)));
            if (!wanted.isEmpty()) {
                group.measure(wanted, output);
            }
        }
    }
}
