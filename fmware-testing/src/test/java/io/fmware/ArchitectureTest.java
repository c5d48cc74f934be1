package io.fmware;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.fmware.testing.ScriptedChatModel;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The shape of fmware-core and of the fakes, which no compiler holds. */
class ArchitectureTest {
    /** What lies where FmPipeline lies: fmware-core, and nothing else. */
    private static final JavaClasses CORE = new ClassFileImporter()
            .importUrl(FmPipeline.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void core_depends_on_none_of_our_other_modules() {
        DescribedPredicate<JavaClass> ofAnotherModule = DescribedPredicate.describe(
                "are in another module of FMware",
                each -> each.getPackageName().startsWith("io.fmware")
                        && !CORE.contain(each.getBaseComponentType().getName()));

        assertThat(CORE.contain(FmPipeline.class.getName())).isTrue();
        noClasses().should().dependOnClassesThat(ofAnotherModule).check(CORE);
    }

    @Test
    void the_pipeline_knows_none_of_the_rooms_built_on_it() {
        noClasses()
                .that()
                .resideInAPackage("io.fmware")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.fmware.retry..",
                        "io.fmware.route..",
                        "io.fmware.cost..",
                        "io.fmware.http..",
                        "io.fmware.service..",
                        "io.fmware.agent..")
                .check(CORE);
    }

    @Test
    void the_vocabulary_of_events_knows_nothing_of_the_pipeline() {
        noClasses()
                .that()
                .resideInAPackage("io.fmware.event")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are elsewhere in FMware",
                        each -> each.getPackageName().startsWith("io.fmware")
                                && !each.getPackageName().equals("io.fmware.event")))
                .check(CORE);
    }

    @Test
    void what_is_optional_stays_in_its_room() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.fmware.service..", "io.fmware.agent..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.langchain4j.service..", "dev.langchain4j.agentic..")
                .check(CORE);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.fmware.agent..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.langchain4j.agentic..")
                .check(CORE);
        noClasses()
                .that()
                .haveSimpleName("ServiceEvents") // langchain4j-core looks for these where it stands alone
                .or()
                .haveSimpleName("PromptTemplates")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.langchain4j.service..")
                .check(CORE);
    }

    @Test
    void the_rooms_of_core_form_no_cycles() {
        slices().matching("io.fmware.(*)..").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void only_approved_types_are_public() {
        assertThat(publicTypesOf("io.fmware"))
                .containsExactly(
                        "Activations",
                        "AgentPlan",
                        "AttributeKey",
                        "Boundary",
                        "BoundaryEvents",
                        "BoundaryInterceptor",
                        "BoundaryInterceptor$Crossing",
                        "BoundaryKind",
                        "BudgetExceededException",
                        "BufferedSink",
                        "CallOptions",
                        "CallOutcome",
                        "Cancellation",
                        "CancelledException",
                        "Causes",
                        "Chain",
                        "ContextCarrier",
                        "Deadline",
                        "DeadlineExceededException",
                        "Durations",
                        "FailureClass",
                        "FmCall",
                        "FmChatModel",
                        "FmEmbeddingModel",
                        "FmMetrics",
                        "FmPipeline",
                        "FmPipeline$Builder",
                        "FmReply",
                        "FmReply$Source",
                        "FmRun",
                        "FmRun$Builder",
                        "FmRun$Scope",
                        "FmStreamingChatModel",
                        "FmwareException",
                        "ForkedCall",
                        "Interceptor",
                        "InterceptorSwitch",
                        "InvalidReplyException",
                        "InvalidReplyException$Attempt",
                        "Mode",
                        "ModelContractException",
                        "Operation",
                        "OverloadedException",
                        "PerModel",
                        "Phase",
                        "Priority",
                        "RejectedException",
                        "ReplayDivergedException",
                        "RequestDigest",
                        "RunOrder",
                        "RunScope",
                        "RunTurn",
                        "ScoringRequest",
                        "Shares",
                        "Sources",
                        "SteerableChatModel",
                        "SteerableStreamingChatModel",
                        "StreamEvent",
                        "StreamEvent$Raw",
                        "StreamEvent$Text",
                        "StreamEvent$Thinking",
                        "StreamEvent$ToolCall",
                        "StreamEvent$ToolCallPart",
                        "Target",
                        "TimeSource",
                        "TokenSink");
    }

    /** Public, and so is what it is nested in. */
    private static List<String> publicTypesOf(String packageName) {
        return CORE.stream()
                .filter(each -> each.getPackageName().equals(packageName))
                .filter(ArchitectureTest::isVisible)
                .map(each -> each.getName().substring(packageName.length() + 1))
                .filter(name -> !name.equals("package-info"))
                .sorted()
                .toList();
    }

    private static boolean isVisible(JavaClass each) {
        return each.getModifiers().contains(JavaModifier.PUBLIC)
                && each.getEnclosingClass().map(ArchitectureTest::isVisible).orElse(true);
    }

    @Test
    void public_classes_are_final_or_made_to_be_extended() {
        assertThat(CORE.stream()
                        .filter(ArchitectureTest::isVisible)
                        .filter(each -> !each.isInterface() && !each.isEnum())
                        .filter(each -> !each.getModifiers().contains(JavaModifier.FINAL))
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder("FmwareException", "Target");
    }

    @Test
    void no_context_travels_by_inheritance() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(InheritableThreadLocal.class)
                .check(CORE);
    }

    @Test
    void no_method_is_synchronized_since_that_pins_virtual_threads() {
        methods().should().notHaveModifier(JavaModifier.SYNCHRONIZED).check(CORE);
    }

    @Test
    void nothing_is_printed() {
        noClasses().should().accessField(System.class, "out").check(CORE);
        noClasses().should().accessField(System.class, "err").check(CORE);
        noClasses()
                .should()
                .callMethodWhere(
                        target(nameMatching("printStackTrace")).and(target(owner(assignableTo(Throwable.class)))))
                .check(CORE);
    }

    @Test
    void slf4j_is_the_only_way_to_log() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..", "org.apache.logging..", "ch.qos.logback..")
                .check(CORE);
    }

    @Test
    void the_pipeline_reads_clocks_and_sleeps_through_its_time_source_alone() {
        noClasses()
                .that()
                .resideInAPackage("io.fmware")
                .and()
                .doNotHaveSimpleName("SystemTimeSource")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Instant.class, "now")
                .check(CORE);
    }

    @Test
    void the_fakes_work_in_a_main_class_path_that_has_no_test_framework() {
        JavaClasses testing = new ClassFileImporter()
                .importUrl(ScriptedChatModel.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation());

        assertThat(testing.contain(ScriptedChatModel.class.getName())).isTrue();
        noClasses()
                .that()
                .resideOutsideOfPackages("io.fmware.testing.conformance", "io.fmware.testing.cassette")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.junit..", "org.opentest4j..", "net.jqwik..", "org.assertj..")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fmware.testing.conformance", "io.fmware.testing.cassette")
                .check(testing);
    }

    @Test
    void internals_of_langchain4j_are_used_by_the_schema_validator_alone() {
        noClasses()
                .that()
                .doNotHaveSimpleName("SchemaValidator")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.langchain4j.internal..")
                .check(CORE);
    }
}
