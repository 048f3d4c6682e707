using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Mammo.Networks.Architectures;

/// <summary>Rules that the options of networks must keep, with one kind of error for all.</summary>
internal static class OptionRules
{
    public static void Require(bool isKept, string broken, string? suggestedFix = null)
    {
        if (!isKept)
            throw Conflict(broken, suggestedFix);
    }

    public static MammoException Conflict(string what, string? suggestedFix = null, Exception? inner = null) =>
        new(ErrorIds.ModelOptionConflict, what, suggestedFix, inner: inner);

    public static void Classes(ImmutableArray<string> classes, [CallerArgumentExpression(nameof(classes))] string option = "")
    {
        var name = option[(option.LastIndexOf('.') + 1)..];
        Require(
            !classes.IsDefault && classes.Length >= 2, $"{name} names {(classes.IsDefault ? 0 : classes.Length)} classes; a classifier needs at least two.");
        Require(
            !classes.Any(string.IsNullOrWhiteSpace) && classes.Distinct(StringComparer.OrdinalIgnoreCase).Count() == classes.Length,
            $"{name} [{string.Join(", ", classes)}] has an empty or repeated name; upper and lower case are the same.");
    }

    public static void Share(string option, double value) =>
        Require(value is >= 0 and < 1, FormattableString.Invariant($"{option} {value} is not at least 0 and below 1."));

    public static void WeightDecay(double value) =>
        Require(value >= 0 && double.IsFinite(value), FormattableString.Invariant($"WeightDecay {value} is not a number from 0 up."));
}
