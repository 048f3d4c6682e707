using System.Globalization;

namespace Mammo.Scoring.Inputs;

/// <summary>
/// Something in which an image, or a set of them, differs from what a network was trained on, and what that does to its scores. Research use only.
/// </summary>
/// <param name="Id">What it is: one of <see cref="ErrorIds"/>.</param>
/// <param name="Evidence">What and where, in a sentence.</param>
public sealed record InputDifference(string Id, string Evidence)
{
    /// <summary>Name of the model.</summary>
    public string Model { get; init; } = "";

    /// <summary>Full path of the image; null for what concerns the set.</summary>
    public string? Path { get; init; }

    /// <summary>Patient id; null when unknown, or for the set.</summary>
    public string? Patient { get; init; }

    /// <summary>Images that it concerns.</summary>
    public int Images { get; init; } = 1;

    /// <summary>What to do; null when the evidence says it.</summary>
    public string? SuggestedFix { get; init; }

    /// <summary>Probability of the last class, 0..1, as the images are; of a set the mean of those that it concerns. Null where there is none.</summary>
    public double? Score { get; init; }

    /// <summary>The same after this one thing was fixed; null where that cannot be tried.</summary>
    public double? FixedScore { get; init; }

    /// <summary>
    /// Area under the ROC curve of all images of the set with a known class, as they are; null for an image, and with fewer than two classes.
    /// </summary>
    public double? Auc { get; init; }

    /// <summary>The same after this one thing was fixed in the images that it concerns.</summary>
    public double? FixedAuc { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.CurrentCulture, $"{Evidence} [{Id}]");
}
