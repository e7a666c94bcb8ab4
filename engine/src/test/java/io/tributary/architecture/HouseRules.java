package io.tributary.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rules that every module is held to. A rule allows an empty selection, since packages appear one
 * by one; {@link #packagesWithoutClasses} catches a rule about a package that is gone.
 */
public final class HouseRules {
  /** Classes whose methods give another result at each call, and that cannot be replayed. */
  private static final Set<String> DICE =
      Set.of(
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.concurrent.ThreadLocalRandom",
          "java.util.random.RandomGenerator");

  private static final Set<String> WALL_CLOCKS =
      Set.of(
          "java.time.Instant",
          "java.time.LocalDate",
          "java.time.LocalDateTime",
          "java.time.LocalTime",
          "java.time.OffsetDateTime",
          "java.time.ZonedDateTime",
          "java.time.Year",
          "java.time.YearMonth");

  private HouseRules() {}

  /** The classes under {@code src/main} of the module whose tests run. */
  public static JavaClasses mainClasses() {
    Path module = Path.of(System.getProperty("basedir", "."));
    return new ClassFileImporter().importPath(module.resolve("target/classes"));
  }

  /**
   * Packages in levels, lowest first: a class may use its own package and lower levels, not a
   * package beside it nor one above. Hence no cycles.
   */
  public static ArchRule packagesDependDownwards(String root, List<Set<String>> levels) {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .should(
            new ArchCondition<JavaClass>("use only their own package and levels below") {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
                  Optional<String> from = packageUnder(root, item);
                  Optional<String> to =
                      packageUnder(root, dependency.getTargetClass().getBaseComponentType());
                  if (from.isEmpty() || to.isEmpty() || from.equals(to)) {
                    continue;
                  }
                  boolean downwards =
                      level(levels, from.orElseThrow()) > level(levels, to.orElseThrow());
                  if (!downwards) {
                    events.add(
                        SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                  }
                }
              }
            })
        .allowEmptyShould(true);
  }

  /** A package that no level names would escape the rule above. */
  public static ArchRule everyPackageHasALevel(String root, List<Set<String>> levels) {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .should(
            new ArchCondition<JavaClass>("lie in a package with a level") {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                packageUnder(root, item)
                    .filter(name -> level(levels, name) < 0)
                    .ifPresent(
                        name ->
                            events.add(
                                SimpleConditionEvent.violated(
                                    item, item.getName() + " lies in " + name)));
              }
            })
        .allowEmptyShould(true);
  }

  /** Sub-packages of {@code root} do not know each other, but for {@code allowed} "from -> to". */
  public static ArchRule strangers(String root, Set<String> allowed) {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .should(
            new ArchCondition<JavaClass>("not use a package beside their own") {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
                  Optional<String> from = packageUnder(root, item);
                  Optional<String> to =
                      packageUnder(root, dependency.getTargetClass().getBaseComponentType());
                  if (from.isEmpty() || to.isEmpty() || from.equals(to)) {
                    continue;
                  }
                  if (!allowed.contains(from.orElseThrow() + " -> " + to.orElseThrow())) {
                    events.add(
                        SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                  }
                }
              }
            })
        .allowEmptyShould(true);
  }

  /** The sub-packages of {@code root} have no cycles. */
  public static ArchRule noCycles(String root) {
    return slices().matching(root + ".(*)..").should().beFreeOfCycles().allowEmptyShould(true);
  }

  /** Only classes in {@code packages} use a class of {@code library}, both in ArchUnit's form. */
  public static ArchRule onlyIn(String library, String... packages) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(packages)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(library)
        .allowEmptyShould(true);
  }

  /** Nobody uses a class of these packages. */
  public static ArchRule nobodyUses(String... libraries) {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries)
        .allowEmptyShould(true);
  }

  /** Classes of one package use none of these libraries. */
  public static ArchRule without(String root, String... libraries) {
    return noClasses()
        .that()
        .resideInAPackage(root)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries)
        .allowEmptyShould(true);
  }

  /** Only the classes named, and those nested in them, mention {@code type}. */
  public static ArchRule onlyMentionedBy(Class<?> type, Set<String> names) {
    return noClasses()
        .that(
            new DescribedPredicate<JavaClass>("are not " + names) {
              @Override
              public boolean test(JavaClass item) {
                return !names.contains(outermost(item.getName()))
                    && !outermost(item.getName()).equals(type.getName());
              }
            })
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(type)
        .allowEmptyShould(true);
  }

  /** Only classes of {@code packages} use a method; given by names, it may not exist yet. */
  public static ArchRule onlyCalledFrom(String owner, String method, String... packages) {
    Set<String> allowed = Set.of(packages);
    return noClasses()
        .that(
            new DescribedPredicate<JavaClass>("are not in " + allowed) {
              @Override
              public boolean test(JavaClass item) {
                return !allowed.contains(item.getPackageName());
              }
            })
        .should()
        .accessTargetWhere(
            new DescribedPredicate<JavaAccess<?>>("it is " + owner + "." + method) {
              @Override
              public boolean test(JavaAccess<?> access) {
                return access.getTarget().getOwner().getName().equals(owner)
                    && access.getTarget().getName().equals(method);
              }
            })
        .allowEmptyShould(true);
  }

  /** Randomness and clocks are handed in, so that every run can be replayed. */
  public static ArchRule noDiceNoWallClock() {
    return noClasses()
        .should()
        .accessTargetWhere(
            new DescribedPredicate<JavaAccess<?>>("it rolls dice or looks at the clock") {
              @Override
              public boolean test(JavaAccess<?> access) {
                return rollsDice(access.getTarget()) || looksAtClock(access.getTarget());
              }
            })
        .orShould()
        .dependOnClassesThat(
            new DescribedPredicate<JavaClass>("are unseeded generators") {
              @Override
              public boolean test(JavaClass item) {
                return DICE.contains(item.getName());
              }
            })
        .allowEmptyShould(true);
  }

  /** Sources of randomness and time are made in the entry points only. */
  public static ArchRule sourcesAreHandedIn() {
    return noClasses()
        .should()
        .accessTargetWhere(
            new DescribedPredicate<JavaAccess<?>>("it makes a SecureRandom or a system clock") {
              @Override
              public boolean test(JavaAccess<?> access) {
                AccessTarget target = access.getTarget();
                String owner = target.getOwner().getName();
                return (owner.equals("java.security.SecureRandom")
                        && (target.getName().equals("<init>")
                            || target.getName().startsWith("getInstance")))
                    || (owner.equals("java.time.Clock") && target.getName().startsWith("system"));
              }
            })
        .allowEmptyShould(true);
  }

  /** A name says what the thing is (empty words are no names). */
  public static ArchRule namesSayWhatItIs() {
    return noClasses()
        .should()
        .haveNameMatching(".*[.$](\\w*(Manager|Helper|Utils?|Impl|Info)|Base[A-Z]\\w*)")
        .allowEmptyShould(true);
  }

  /** Channels to files are no sockets; these are. */
  public static ArchRule noSockets() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.net\\.(.*Socket.*|http\\..*|URLConnection|HttpURLConnection)"
                + "|java\\.nio\\.channels\\..*(Socket|Datagram).*"
                + "|javax\\.net\\..*")
        .allowEmptyShould(true);
  }

  /** Standard output and error belong to the command line. */
  public static ArchRule noConsole() {
    return noClasses()
        .should()
        .accessTargetWhere(
            new DescribedPredicate<JavaAccess<?>>("it writes to the console") {
              @Override
              public boolean test(JavaAccess<?> access) {
                AccessTarget target = access.getTarget();
                return (target.getOwner().getName().equals("java.lang.System")
                        && (target.getName().equals("out") || target.getName().equals("err")))
                    || (target.getName().equals("printStackTrace")
                        && target.getOwner().isAssignableTo(Throwable.class));
              }
            })
        .allowEmptyShould(true);
  }

  /**
   * What is not Serializable cannot be caught in a Spark closure or written to an event log: the
   * mistake fails at its first run instead of shipping a key.
   */
  public static ArchRule notSerializable(String... packages) {
    return noClasses()
        .that()
        .resideInAnyPackage(packages)
        .and()
        .areNotEnums()
        .and()
        .areNotAssignableTo(Throwable.class)
        .should()
        .beAssignableTo(Serializable.class)
        .allowEmptyShould(true);
  }

  /** Names of {@code packages} (without dots at the end) in which {@code classes} has no class. */
  public static List<String> packagesWithoutClasses(JavaClasses classes, List<String> packages) {
    return packages.stream()
        .filter(
            name ->
                classes.stream()
                    .noneMatch(
                        item ->
                            item.getPackageName().equals(name)
                                || item.getPackageName().startsWith(name + ".")))
        .toList();
  }

  private static boolean rollsDice(AccessTarget target) {
    String owner = target.getOwner().getName();
    String name = target.getName();
    return ((owner.equals("java.lang.Math") || owner.equals("java.lang.StrictMath"))
            && name.equals("random"))
        || (owner.equals("java.util.Collections")
            && target.getFullName().equals("java.util.Collections.shuffle(java.util.List)"));
  }

  private static boolean looksAtClock(AccessTarget target) {
    String owner = target.getOwner().getName();
    String fullName = target.getFullName();
    return fullName.equals("java.lang.System.currentTimeMillis()")
        || fullName.equals("java.util.Date.<init>()")
        || fullName.equals("java.util.Calendar.getInstance()")
        || (WALL_CLOCKS.contains(owner)
            && target.getName().equals("now")
            && !fullName.contains("java.time.Clock"));
  }

  private static Optional<String> packageUnder(String root, JavaClass item) {
    String name = item.getPackageName();
    if (!name.startsWith(root + ".")) {
      return Optional.empty();
    }
    String rest = name.substring(root.length() + 1);
    int dot = rest.indexOf('.');
    return Optional.of(dot < 0 ? rest : rest.substring(0, dot));
  }

  private static int level(List<Set<String>> levels, String name) {
    for (int i = 0; i < levels.size(); i++) {
      if (levels.get(i).contains(name)) {
        return i;
      }
    }
    return -1;
  }

  private static String outermost(String name) {
    int dollar = name.indexOf('$');
    return dollar < 0 ? name : name.substring(0, dollar);
  }
}
