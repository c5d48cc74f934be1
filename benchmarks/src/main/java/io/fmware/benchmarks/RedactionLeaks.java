package io.fmware.benchmarks;

import io.fmware.event.Redactor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Plants secrets into texts, redacts these, every other one as a stream in random pieces, and counts what can still be seen. */
final class RedactionLeaks {
    private RedactionLeaks() {}

    /**
     * What came of it.
     *
     * @param planted how many secrets were planted
     * @param kinds of how many kinds
     * @param leaked the number of leaks of each kind that leaked
     * @param differing how many streams gave something else than the whole
     */
    record Result(int planted, int kinds, Map<String, Integer> leaked, int differing) {
        int leaks() {
            return leaked.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /** Runs on its own: the number of secrets, the seed, and whether to print leaks. */
    public static void main(String[] arguments) {
        System.out.println(count(
                Redactor.standard(),
                Integer.parseInt(arguments[0]),
                Long.parseLong(arguments[1]),
                arguments.length > 2));
    }

    static Result count(Redactor redactor, int planted, long seed, boolean printing) {
        Dice dice = new Dice(seed);
        List<String> kinds = Carriers.kinds();
        Map<String, Integer> leaked = new TreeMap<>();
        int differing = 0;
        for (int i = 0; i < planted; i++) {
            Carriers.Planted each = Carriers.plant(kinds.get(i % kinds.size()), dice);
            boolean streamed = dice.oneOf(2);
            String output = streamed ? streamed(redactor, dice.cut(each.text())) : redactor.redact(each.text());
            if (streamed && !output.equals(redactor.redact(each.text()))) {
                differing++;
            }
            if (each.secret().isLeakedBy(output)) {
                leaked.merge(each.secret().kind(), 1, Integer::sum);
                if (printing) {
                    System.err.println(each.secret().kind() + " "
                            + each.secret().parts().get(0) + "\n  in  " + each.text() + "\n  out " + output);
                }
            }
        }
        return new Result(planted, kinds.size(), leaked, differing);
    }

    private static String streamed(Redactor redactor, List<String> chunks) {
        Redactor.Stream stream = redactor.stream();
        StringBuilder output = new StringBuilder();
        chunks.forEach(chunk -> output.append(stream.accept(chunk)));
        return output.append(stream.end()).toString();
    }
}
