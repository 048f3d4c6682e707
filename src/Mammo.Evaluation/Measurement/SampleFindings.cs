using System.Collections.Immutable;

namespace Mammo.Evaluation.Measurement;

/// <summary>What is noticed about predictions before they are measured.</summary>
public static class SampleFindings
{
    private const int Shown = 5;

    /// <summary>All that is noticed about images that were left out or are there twice.</summary>
    /// <param name="unscored">Names of images without a score, with the reason where it is known.</param>
    /// <param name="repeated">Names of images that are there more than once.</param>
    public static IEnumerable<Finding> Of(ImmutableArray<string> unscored, ImmutableArray<string> repeated)
    {
        if (unscored.Length > 0)
        {
            yield return new Finding(
                ErrorIds.ImageUnscored,
                $"{Count(unscored, "has", "have")} no score and {(unscored.Length == 1 ? "is" : "are")} left out: {Names(unscored)}.")
            {
                SuggestedFix = "What is measured holds for the others alone; Reason of each record says what to do about it.",
            };
        }

        if (repeated.Length > 0)
        {
            yield return new Finding(
                ErrorIds.ImageTwice,
                $"{Count(repeated, "is", "are")} there more than once and count{(repeated.Length == 1 ? "s" : "")} as often: {Names(repeated)}.")
            {
                SuggestedFix = "Measure each image once; several models one after the other.",
            };
        }
    }

    private static string Count(ImmutableArray<string> names, string one, string several) =>
        names.Length == 1 ? $"1 image {one}" : $"{names.Length} images {several}";

    private static string Names(ImmutableArray<string> names) => string.Join(", ", names.Take(Shown)) + (names.Length > Shown ? ", …" : "");
}
