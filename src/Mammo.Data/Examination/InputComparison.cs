using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Datasets;

namespace Mammo.Data.Examination;

/// <summary>
/// In what an image differs from those that a network was trained on: what <see cref="FilmExamination"/>, which holds what all networks want, cannot know.
/// </summary>
/// <param name="trained">The training images, from the model's card.</param>
public sealed class InputComparison(InputProfile trained)
{
    // Below these a training set says nothing of what it lacks.
    private const int Enough = 10;
    private const double Rare = 0.05;

    // Films of one source differ in height by some tenths, and in proportions by the paddle that was used.
    private const double OtherHeight = 2;
    private const double OtherAspect = 1.25;

    // Half as far again as nearly all training images; and no less than what is seen between two films of one patient.
    private const double FarBy = 1.5;
    private const double LeastDistance = 10;

    /// <summary>Images of all depths are prepared alike (local contrast), so that another one is no difference.</summary>
    public bool IsOfAnyDepth { get; init; }

    /// <summary>Distance of an image's greys to those of the training, in grey levels; null when one of them is unknown.</summary>
    /// <param name="look">What the image shows.</param>
    public double? Distance(FilmLook look)
    {
        ArgumentNullException.ThrowIfNull(look);
        return trained.Greys.IsDefaultOrEmpty || look.Greys.IsEmpty ? null : FilmLook.Distance(look.Greys, trained.Greys);
    }

    /// <summary>What differs.</summary>
    /// <param name="image">The image's place, for messages.</param>
    /// <param name="facts">What is known of it.</param>
    public IEnumerable<Finding> Examine(MammoImage image, InputFacts facts)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(facts);
        var name = $"'{Path.GetFileName(image.Path)}'";
        Finding?[] found =
        [
            Voi(name, facts), Depth(name, facts), Greys(name, facts), Side(name, facts),
            Marks(name, facts), Size(name, facts), Vendor(name, facts), View(name, facts),
        ];
        return found.OfType<Finding>().Select(finding => finding with { Subject = image.Path, Patient = image.Patient });
    }

    private bool IsRare(int count) => trained.Count >= Enough && count < Rare * trained.Count;

    private Finding? Voi(string name, InputFacts facts)
    {
        if (facts.Film.VoiUsed is not { } used || trained.VoiUsed.IsEmpty || trained.VoiUsed.Keys.Any(voi => Kind(voi) == Kind(used)))
            return null;
        return new Finding(ErrorIds.InputVoi, $"{name} is shown with {used}, the training images were shown with {Names(trained.VoiUsed)}.")
        {
            SuggestedFix = $"Use -Voi {Kind(trained.VoiUsed.MaxBy(pair => pair.Value).Key)}.",
        };
    }

    // The number of the window, and its function, are the file's.
    private static string Kind(string voi) => voi.Split(':', ' ')[0];

    private Finding? Depth(string name, InputFacts facts)
    {
        if (IsOfAnyDepth)
            return null;
        var bits = facts.Film.BitDepth.ToString(CultureInfo.InvariantCulture);
        return trained.BitDepths.IsEmpty || trained.BitDepths.ContainsKey(bits)
            ? null
            : new Finding(ErrorIds.InputDepth, $"{name} has {bits} bits, the training images had {Names(trained.BitDepths)}.")
            {
                SuggestedFix = facts.Film.VoiUsed is not null && trained.BitDepths.ContainsKey("8")
                    ? "Leave out -RescaleFactor and -TargetScale: DICOM images are then given in the depth of the training images."
                    : "Give the images as they were before they were converted; the rescale factor belongs to the bit depth.",
            };
    }

    private Finding? Greys(string name, InputFacts facts)
    {
        if (Distance(facts.Look) is not { } distance || distance <= Math.Max(LeastDistance, FarBy * trained.GreyDistance))
            return null;
        return new Finding(
            ErrorIds.InputGreys,
            Text($"The greys of the breast in {name} are {distance:0} grey levels (of 255) from those of the training images,")
                + Text($" of which 95% were within {trained.GreyDistance:0}."))
        {
            SuggestedFix = "Prepare the images as those of the training were: the same values shown (-Voi), the same scale (-RescaleFactor, -AutoLevel).",
        };
    }

    private Finding? Side(string name, InputFacts facts)
    {
        if (facts.Look.IsAtRight is not { } isAtRight || !IsRare(isAtRight ? trained.AtRight : trained.AtLeft) || trained.ArePatches)
            return null;
        var (here, there) = isAtRight ? ("right", "left") : ("left", "right");
        return new Finding(ErrorIds.InputSide, $"The chest wall of {name} is at the {here}; in the training images it was at the {there}.")
        {
            SuggestedFix = "Mirror the images (Convert-MammoImage -FlipToLeft turns all chest walls to the left).",
        };
    }

    private Finding? Marks(string name, InputFacts facts) => facts.Look.HasMarks && IsRare(trained.WithMarks) && !trained.ArePatches
        ? new Finding(ErrorIds.InputMarks, $"There are labels, markers or edges of the film beside the breast in {name}; the training images had none.")
        {
            SuggestedFix = "Blank them: Convert-MammoImage -SuppressArtifact.",
        }
        : null;

    private Finding? Size(string name, InputFacts facts)
    {
        var size = facts.Film.Size;
        var aspect = (double)size.Height / size.Width;
        var isOther = size.Height * OtherHeight < trained.LowestHeight || (trained.HighestHeight > 0 && size.Height > trained.HighestHeight * OtherHeight)
            || aspect * OtherAspect < trained.LowestAspect || (trained.HighestAspect > 0 && aspect > trained.HighestAspect * OtherAspect);
        var rows = trained.LowestHeight == trained.HighestHeight ? $"{trained.LowestHeight}" : $"{trained.LowestHeight} to {trained.HighestHeight}";
        return isOther
            ? new Finding(
                ErrorIds.InputSize,
                Text($"{name} is {size} ({aspect:0.00} rows to a column); ")
                    + Text($"the training images had {rows} rows ({trained.LowestAspect:0.00} to {trained.HighestAspect:0.00})."))
            {
                SuggestedFix = "Give whole images, not cut, padded or shrunk in another way than those of the training.",
            }
            : null;
    }

    private Finding? Vendor(string name, InputFacts facts) => Unknown(facts.Manufacturer, trained.Manufacturers) is { } vendor
        ? new Finding(ErrorIds.InputVendor, $"{name} is from equipment of {vendor}; the training images were from {Names(trained.Manufacturers)}.")
        {
            SuggestedFix = "Measure the network on images of this equipment before it is used on them (Measure-MammoPrediction), or fine-tune it.",
        }
        : null;

    private Finding? View(string name, InputFacts facts) => Unknown(facts.View, trained.Views) is { } view
        ? new Finding(ErrorIds.InputView, $"{name} is a {view} view; the training images were {Names(trained.Views)}.")
        {
            SuggestedFix = "Leave such images out.",
        }
        : null;

    private static string? Unknown(string? value, ImmutableSortedDictionary<string, int> known) =>
        value is not null && !known.IsEmpty && !known.Keys.Contains(value, StringComparer.OrdinalIgnoreCase) ? value : null;

    private static string Names(ImmutableSortedDictionary<string, int> table)
    {
        const int shown = 4;
        string[] names = [.. table.OrderByDescending(pair => pair.Value).Select(pair => pair.Key)];
        return string.Join(", ", names.Take(shown)) + (names.Length > shown ? $" and {names.Length - shown} others" : "");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.CurrentCulture);
}
