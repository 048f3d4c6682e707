using System.Collections.Immutable;
using Mammo.Data.Datasets;
using Mammo.Data.Dicom;
using Mammo.Data.Examination;
using Mammo.Data.Images;
using Mammo.Data.Patches;
using Mammo.Data.Sweeps;
using Mammo.Networks.Models;

namespace Mammo.Torch.Training.Mining;

/// <summary>A film that is mined.</summary>
/// <param name="Number">Its position in the dataset.</param>
/// <param name="Image">The film.</param>
/// <param name="IsAllowed">For each position of the heatmap whether its patch is off every lesion.</param>
internal sealed record MiningFilm(int Number, MammoImage Image, ImmutableArray<bool> IsAllowed);

/// <summary>Which films can be mined, and where.</summary>
internal static class MiningFilms
{
    private const int Shown = 5;

    /// <summary>Lesions are drawn roughly: a patch keeps this share of its side from one.</summary>
    private const double Margin = 0.25;

    /// <summary>
    /// Films whose lesions all have a place, and films without lesions that are normal by their class. An abnormal film whose lesion is anywhere is left out.
    /// </summary>
    /// <param name="mining">The films.</param>
    /// <param name="geometry">Where the positions of their heatmaps are.</param>
    /// <param name="dicom">How DICOM files are read.</param>
    /// <param name="warn">Receives the films that are left out, with the reason.</param>
    /// <param name="cancellation">Ends the work between two films.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FilmNotMined"/>: no film can be mined; a film or mask cannot be read.
    /// </exception>
    public static ImmutableArray<MiningFilm> Of(
        HardNegativeMining mining, HeatmapGeometry geometry, DicomOptions dicom, Action<Finding> warn, CancellationToken cancellation)
    {
        var images = mining.Films.Images;
        int[] taken = [.. Enumerable.Range(0, images.Length).Where(i => IsKnown(images[i]))];
        var left = Enumerable.Range(0, images.Length).Except(taken).Select(i => Path.GetFileName(images[i].Path)).ToArray();
        if (taken.Length == 0)
        {
            throw new MammoException(
                ErrorIds.FilmNotMined,
                $"No film of '{mining.Films.Name}' can be mined for hard negatives: {Reason}.",
                "Give films with ROIs, or normal films whose class says so.",
                mining.Films.Name);
        }

        if (left.Length > 0)
        {
            warn(new Finding(
                ErrorIds.FilmNotMined,
                $"{left.Length} of {images.Length} films are not mined for hard negatives ({string.Join(", ", left.Take(Shown))}"
                    + $"{(left.Length > Shown ? ", …" : "")}): {Reason}.")
            { SuggestedFix = "Nothing, if the others are enough; else add their ROIs." });
        }

        var labels = new RoiLabels(Widened(geometry), mining.ImageSize, background: 0) { Dicom = dicom };
        return [.. taken.Select(i => new MiningFilm(i, images[i], Allowed(images[i])))];

        ImmutableArray<bool> Allowed(MammoImage image)
        {
            cancellation.ThrowIfCancellationRequested();
            return [.. labels.Of(image with { Label = image.Rois.IsEmpty ? 0 : 1 }, draw: null).Select(label => label == 0)];
        }
    }

    /// <summary>Patients and images that are validated must not be learned from.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.DataLeakage"/>, unless leakage is allowed.</exception>
    public static void CheckLeakage(TrainingData data, CancellationToken cancellation)
    {
        if (data.AllowLeakage)
            return;
        var films = data.HardNegatives!.Films;
        var validated = PatchSources.FilmsOf(data.Validation);
        var shared = Leakage.Patients([films, data.Validation]).Select(patient => patient.Patient)
            .Concat(films.Images.Select(film => film.Path).Where(path => validated.Contains(Path.GetFullPath(path))))
            .Concat(Leakage.Files(films, data.Validation, cancellation)).FirstOrDefault();
        if (shared is not null)
        {
            throw new MammoException(
                ErrorIds.DataLeakage,
                $"'{shared}' would be mined for hard negatives and is in the validation set too: validation scores would be too good to be true.",
                "Mine the films of the training set alone, or use -AllowLeakage if it is meant.",
                shared);
        }
    }

    private const string Reason = "their lesions have no known place, or their class does not say that they are normal";

    private static bool IsKnown(MammoImage film) => film.Rois.IsEmpty
        ? film.Class is { } name && ClassWords.Meaning(name) is ClassMeaning.Normal or ClassMeaning.Negative
        : film.Rois.All(roi => roi.Shape is not null);

    private static HeatmapGeometry Widened(HeatmapGeometry geometry)
    {
        var (rows, columns) = (Margin * geometry.PatchHeight, Margin * geometry.PatchWidth);
        return geometry with
        {
            Top = geometry.Top - rows,
            Left = geometry.Left - columns,
            PatchHeight = geometry.PatchHeight + (2 * rows),
            PatchWidth = geometry.PatchWidth + (2 * columns),
        };
    }
}
