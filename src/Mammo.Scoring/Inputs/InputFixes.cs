using System.Collections.Immutable;
using Mammo.Data.Datasets;
using Mammo.Data.Dicom;
using Mammo.Data.Examination;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Data.Segmentation;
using Mammo.Networks.Models;

namespace Mammo.Scoring.Inputs;

/// <summary>An image prepared once more, with one thing about it fixed.</summary>
/// <param name="Image">The image after the fix, before it is prepared.</param>
/// <param name="Preparation">How it is prepared after the fix.</param>
/// <param name="Text">What was done, where the finding does not say it.</param>
internal sealed record InputFix(GreyImage Image, Preparation Preparation, string? Text = null);

/// <summary>Tries what would fix a difference. Called from several threads at once.</summary>
/// <param name="preparation">How images are prepared.</param>
/// <param name="dicom">How DICOM files are read.</param>
/// <param name="card">The model's card.</param>
internal sealed class InputFixes(Preparation preparation, DicomOptions dicom, ModelCard card)
{
    private static readonly string[] Vois = ["None", "Window", "Lut"];

    // A fix that brings greys nearer by less changes nothing that a network notices.
    private const double Better = 0.8;

    private readonly InputComparison? _comparison = card.Inputs is { } trained ? new InputComparison(trained) : null;

    /// <summary>The image after a fix; null for differences that nothing on the user's side fixes.</summary>
    /// <param name="id">The difference.</param>
    /// <param name="image">The image.</param>
    /// <param name="stored">The same as it was read.</param>
    /// <param name="facts">What is known of it.</param>
    public InputFix? For(string id, MammoImage image, GreyImage stored, InputFacts facts)
    {
        try
        {
            return id switch
            {
                ErrorIds.BitDepthMismatch => new InputFix(stored, OfDepth(stored)),
                ErrorIds.MaximumNot255 or ErrorIds.MinimumNot0 => new InputFix(stored, Stretched(stored)),
                ErrorIds.ImageInverted => new InputFix(With(stored, pixel => (ushort)(facts.Film.Maximum - pixel)), preparation),
                ErrorIds.InputSide or ErrorIds.DicomSide => new InputFix(Framing.FlipHorizontal(stored), preparation),
                ErrorIds.InputMarks or ErrorIds.DicomBurnedInText => new InputFix(BreastFinder.Find(stored).Blank(stored), preparation),
                ErrorIds.InputVoi => new InputFix(Read(image, DicomVoi.Parse(TrainedVoi())), preparation),
                ErrorIds.InputGreys => Nearest(image, stored, facts),
                _ => null,
            };
        }
        catch (MammoException)
        {
            // A file without the window that the training images had, or an image without a breast: there is nothing to try.
            return null;
        }
    }

    private string TrainedVoi() => card.Inputs!.VoiUsed.MaxBy(pair => pair.Value).Key.Split(':', ' ')[0];

    private Preparation OfDepth(GreyImage stored) => preparation with
    {
        TargetScale = null,
        RescaleFactor = preparation.Top / (preparation.LocalContrast is null ? stored.HighestValue : byte.MaxValue),
    };

    private Preparation Stretched(GreyImage stored) => OfDepth(stored) with { AutoLevel = true };

    private GreyImage Read(MammoImage image, DicomVoi voi) => ImageReader.Read(image.Path, dicom: dicom with { Voi = voi });

    // Of other values of the file and of a stretched range, what comes nearest to the greys of the training.
    private InputFix? Nearest(MammoImage image, GreyImage stored, InputFacts facts)
    {
        if (_comparison?.Distance(facts.Look) is not { } now)
            return null;
        (InputFix Fix, double Distance)? best = null;
        foreach (var (name, make) in Candidates(image, stored, facts.Film.VoiUsed))
        {
            if (Try(make) is { } fix && _comparison.Distance(InputFacts.Of(image, fix.Image, fix.Preparation).Look) is { } distance
                && distance < Better * (best?.Distance ?? now))
                best = (fix with { Text = FormattableString.Invariant($"{name} brings them to {distance:0} grey levels.") }, distance);
        }

        return best?.Fix;
    }

    private IEnumerable<(string Name, Func<InputFix> Make)> Candidates(MammoImage image, GreyImage stored, string? voiUsed)
    {
        if (!preparation.AutoLevel)
            yield return ("-AutoLevel", () => new InputFix(stored, Stretched(stored)));
        if (voiUsed is null)
            yield break;
        foreach (var voi in Vois.Where(voi => !voiUsed.StartsWith(voi, StringComparison.Ordinal)))
            yield return ($"-Voi {voi}", () => new InputFix(Read(image, DicomVoi.Parse(voi)), preparation));
    }

    private static InputFix? Try(Func<InputFix> make)
    {
        try
        {
            return make();
        }
        catch (MammoException)
        {
            return null;
        }
    }

    private static GreyImage With(GreyImage image, Func<ushort, ushort> change) =>
        new(image.Height, image.Width, image.BitDepth, Array.ConvertAll(image.Pixels, pixel => change(pixel)));
}
