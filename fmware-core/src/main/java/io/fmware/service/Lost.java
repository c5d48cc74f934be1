package io.fmware.service;

import io.fmware.FmRun;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once for each thing that a run did not follow to it. */
final class Lost {
    private static final Logger log = LoggerFactory.getLogger(Boundaries.class);
    private static final Set<String> said = ConcurrentHashMap.newKeySet();

    private Lost() {}

    static void warn(String what, String name) {
        if (FmRun.anyOpen() && said.add(what + " " + name)) {
            log.warn(
                    "{} {} was called on thread {}, outside of any run, while a run is open: if it belongs to that run it is not"
                            + " seen there. {}; this is logged once for each",
                    what,
                    name,
                    Thread.currentThread().getName(),
                    what.equals("agent")
                            ? "Build the agents around it with Agents.workflows()"
                            : "Call it in FmRun.carrying(..), or build its AI service with Boundaries.service(..)");
        }
    }
}
