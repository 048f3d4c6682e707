namespace Mammo.Evaluation;

/// <summary>Images that were to be scored and have no score.</summary>
public static class UnscoredImages
{
    private const int Shown = 10;

    /// <summary>How many there are, and which; null when there are none.</summary>
    /// <param name="images">Each with the id of the reason.</param>
    public static Finding? Finding(IReadOnlyList<string> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var (names, further) = (string.Join(", ", images.Take(Shown)), images.Count > Shown ? ", …" : "");
        return images.Count == 0 ? null : new Finding(
            ErrorIds.ImageUnscored,
            $"{images.Count} {(images.Count == 1 ? "image has no score and is" : "images have no score and are")} left out: {names}{further}.")
        {
            SuggestedFix = "What is measured holds for the others alone; Reason of each record says what to do about it.",
        };
    }
}
