package io.fmware.testing.conformance;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** One run of the kit over a sample. */
public final class KitRun {

    private final Events tests;

    private KitRun(Events tests) {
        this.tests = tests;
    }

    public static KitRun of(Class<?> sample) {
        return new KitRun(EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(sample))
                .execute()
                .testEvents());
    }

    /** The rules that the sample breaks, with the messages. */
    public SortedMap<String, String> broken() {
        SortedMap<String, String> broken = new TreeMap<>();
        tests.failed().stream().forEach(event -> broken.put(rule(event), message(event)));
        return broken;
    }

    /** All rules that were tried. */
    public Map<String, String> tried() {
        Map<String, String> tried = new TreeMap<>();
        tests.started().stream().forEach(event -> tried.put(rule(event), ""));
        return tried;
    }

    private static String rule(Event event) {
        return event.getTestDescriptor().getDisplayName().replace("()", "");
    }

    private static String message(Event event) {
        return event.getRequiredPayload(TestExecutionResult.class)
                .getThrowable()
                .map(Throwable::getMessage)
                .orElse("");
    }
}
