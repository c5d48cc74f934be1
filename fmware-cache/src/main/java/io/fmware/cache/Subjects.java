package io.fmware.cache;

import io.fmware.FmRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whose a call is, as its run says, or the runs around it.
 *
 * @param tenant the tenant, empty for none
 * @param user the user, empty for none
 * @param conversation the conversation, empty for none
 */
record Subjects(String tenant, String user, String conversation) {

    static Subjects here() {
        FmRun run = FmRun.current();
        return new Subjects(said(run, "tenant"), said(run, "user"), said(run, "conversation"));
    }

    private static String said(@Nullable FmRun run, String attribute) {
        return run == null ? "" : Objects.requireNonNullElse(run.findAttribute(attribute), "");
    }

    List<Dependency> dependencies() {
        List<Dependency> all = new ArrayList<>(3);
        add(all, tenant, Dependency::tenant);
        add(all, user, Dependency::user);
        add(all, conversation, Dependency::conversation);
        return all;
    }

    private static void add(List<Dependency> all, String id, Function<String, Dependency> subject) {
        if (!id.isEmpty()) {
            all.add(subject.apply(id));
        }
    }
}
