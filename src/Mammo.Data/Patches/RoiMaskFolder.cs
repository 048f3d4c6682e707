using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Data.Rois;

namespace Mammo.Data.Patches;

/// <summary>
/// Writes a dataset with regions as the original's input: <c>roi_mask_path.csv</c>, <c>pat_lst.txt</c>, the whole images in <c>full_img</c> and a mask for every
/// abnormality in <c>roi_mask</c>, drawn from its circle, box or mask, under the names of <c>sample_patches_combined</c>. <see cref="RoiMaskCsv.Read"/> reads it.
/// </summary>
/// <param name="Folder">Where to; made if it is missing.</param>
public sealed record RoiMaskFolder(string Folder)
{
    /// <summary>Replace files of the same names.</summary>
    public bool Force { get; init; }

    /// <summary>Told after every image how many are done.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Ends the work with an <see cref="OperationCanceledException"/>; the list is written last.</summary>
    public CancellationToken CancellationToken { get; init; }

    private string ImageFolder => Path.Combine(Folder, RoiMaskNames.ImageFolder);

    private string MaskFolder => Path.Combine(Folder, RoiMaskNames.MaskFolder);

    /// <summary>Writes the images that have abnormalities, each with all of them or not at all: the original has no others.</summary>
    /// <returns>
    /// What could not be written: images without abnormalities, without patient, side or view, or with those of another image; abnormalities without place, number
    /// of their own or pathology; unreadable files; images and masks that would be replaced themselves.
    /// </returns>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileExists"/>: there is such a folder and <see cref="Force"/> is off; <see cref="ErrorIds.DatasetInvalid"/>: no image has abnormalities, or none can be written;
    /// <see cref="ErrorIds.FileNotWritten"/>.
    /// </exception>
    public ImmutableArray<DatasetFinding> Write(MammoDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        MammoImage[] images = [.. dataset.Images.Where(image => !image.Rois.IsEmpty)];
        if (images.Length == 0)
            throw new MammoException(ErrorIds.DatasetInvalid, $"No image of '{dataset.Name}' has an annotated abnormality: the original's list would be empty.", target: dataset.Name);
        foreach (var name in new[] { RoiMaskNames.List, RoiMaskNames.PatientList, RoiMaskNames.ImageFolder, RoiMaskNames.MaskFolder })
            AtomicFile.CheckFree(Path.Combine(Folder, name), Force);
        var findings = ImmutableArray.CreateBuilder<DatasetFinding>();
        if (dataset.Count - images.Length is > 0 and var normal)
            findings.Add(new DatasetFinding(ErrorIds.RoiEmpty, $"Images without an abnormality are left out, {normal} of {dataset.Count} in '{dataset.Name}': the original's list has none."));
        var rows = new List<string?[]>();
        var patients = WriteImages(images, rows, findings);
        // An old list must not give way to an empty one.
        if (patients.Count == 0)
            throw new MammoException(ErrorIds.DatasetInvalid, $"No image of '{dataset.Name}' can be written. {findings[^1].Message}", "Mend what the message names.", dataset.Name);
        CsvTable.Write(Path.Combine(Folder, RoiMaskNames.List), ["patient_id", "side", "view", "abn_num", "pathology", "type"], rows);
        PatientList.Write(patients.Distinct(StringComparer.Ordinal), Path.Combine(Folder, RoiMaskNames.PatientList));
        return findings.ToImmutable();
    }

    private List<string> WriteImages(MammoImage[] images, List<string?[]> rows, ImmutableArray<DatasetFinding>.Builder findings)
    {
        var patients = new List<string>();
        var taken = new HashSet<string>(images.SelectMany(Sources).Select(Path.GetFullPath), StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < images.Length; i++)
        {
            CancellationToken.ThrowIfCancellationRequested();
            var image = images[i];
            try
            {
                rows.AddRange(WriteImage(image, taken));
                patients.Add(image.Patient!);
            }
            catch (MammoException error) when (error.ErrorId != ErrorIds.FileNotWritten)
            {
                findings.Add(new DatasetFinding(error.ErrorId, $"'{image.Path}' is left out: {error.Message}") { Path = image.Path, Patient = image.Patient });
            }

            Progress?.Invoke(i + 1);
        }

        return patients;
    }

    private static IEnumerable<string> Sources(MammoImage image) =>
        image.Rois.Select(roi => roi.Shape).OfType<RoiMask>().SelectMany(mask => new[] { mask.Path, mask.Alternative }).Append(image.Path).OfType<string>();

    private List<string?[]> WriteImage(MammoImage image, HashSet<string> taken)
    {
        var view = ViewOf(image);
        var target = Path.Combine(ImageFolder, $"{view}.png");
        var stored = ImageReader.Read(image.Path);
        var masks = image.Rois.Select(roi => (Roi: roi, Target: Path.Combine(MaskFolder, MaskName(view, roi)), Mask: Draw(roi, stored.Size))).ToArray();
        foreach (var path in masks.Select(mask => mask.Target).Prepend(target))
        {
            if (!taken.Add(Path.GetFullPath(path)))
                throw new MammoException(ErrorIds.ConversionTargetTaken, $"'{path}' would be written twice, or is an image or mask of the data set itself.", target: path);
        }

        foreach (var mask in masks)
            PngWriter.Write(mask.Target, Framing.Keep(White(stored.Size), mask.Mask));
        PngWriter.Write(target, stored);
        return [.. masks.Select(mask => new[]
        {
            image.Patient, image.Laterality, image.View, mask.Roi.Number.ToString(CultureInfo.InvariantCulture), mask.Roi.Pathology, TypeOf(mask.Roi),
        })];
    }

    private static string ViewOf(MammoImage image) =>
        RoiMaskNames.IsUsable(image.Patient) && RoiMaskNames.IsUsable(image.Laterality) && RoiMaskNames.IsUsable(image.View)
            ? $"{image.Patient}_{image.Laterality}_{image.View}"
            : throw new MammoException(ErrorIds.PatientMissing, "the original's names need a patient, a side and a view, without commas, slashes and other signs that no file name has.", target: image.Path);

    private static string TypeOf(Roi roi) => roi.IsCalcification == true ? "calc" : "mass";

    private static string MaskName(string view, Roi roi) => FormattableString.Invariant($"{RoiMaskNames.Prefix(TypeOf(roi))}{view}_{roi.Number}.png");

    private static Mask Draw(Roi roi, ImageSize size)
    {
        if (roi.Shape is null || !RoiMaskNames.IsUsable(roi.Pathology))
            throw new MammoException(ErrorIds.RoiEmpty, $"abnormality {roi.Number} has no place, or no pathology that the list can hold.");
        var mask = RoiRaster.Draw(roi.Shape, size, size);
        return mask.Count > 0 ? mask : throw new MammoException(ErrorIds.RoiEmpty, $"abnormality {roi.Number} ({roi.Shape}) has no pixel in the image.");
    }

    private static GreyImage White(ImageSize size)
    {
        var pixels = new ushort[size.Height * size.Width];
        pixels.AsSpan().Fill(byte.MaxValue);
        return new GreyImage(size.Height, size.Width, 8, pixels);
    }
}
