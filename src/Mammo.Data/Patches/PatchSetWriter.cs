using System.Collections.Immutable;
using Mammo.Data.Datasets;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Loading;

namespace Mammo.Data.Patches;

/// <summary>Samples patches from a dataset's images and writes them as PNG into one folder for each class.</summary>
/// <param name="Folder">Folder of the patch set; made if it is missing.</param>
/// <param name="Options">What to sample.</param>
public sealed record PatchSetWriter(string Folder, PatchSetOptions Options)
{
    /// <summary>How DICOM files are read.</summary>
    public DicomOptions Dicom { get; init; } = DicomOptions.Default;

    /// <summary>Images sampled at the same time; the result does not depend on it.</summary>
    public int Workers { get; init; } = FileWriters.DefaultWorkers;

    /// <summary>Replace a patch set of this kind that is in the folder already.</summary>
    public bool Force { get; init; }

    /// <summary>Ends the enumeration of the records with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// Samples the images and gives one record each, in the dataset's order, as they are done. Patches keep the images' bit depth (16 bits in the original's
    /// way). At the end a table of all patches, <c>patches.csv</c>, is written beside the class folders. Until then <c>patches.unfinished.txt</c> is there,
    /// which stays where the work is stopped, and <see cref="ClassFolders"/> refuses.
    /// </summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.PatchOptionInvalid"/>; <see cref="ErrorIds.FolderInUse"/>; <see cref="ErrorIds.FileExists"/>: the folder holds images and
    /// <see cref="Force"/> is off;
    /// <see cref="ErrorIds.FileNotWritten"/>. What is wrong with a single image is in its record.
    /// </exception>
    public IEnumerable<PatchSetRecord> Write(MammoDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        Options.Check();
        string[] classes = [.. Options.Folders(PatchClasses.All(Options.Labelling, dataset.Images))];
        var table = new PatchTable(Folder);
        try
        {
            table.Clear(classes, Force);
            return WriteAll(dataset, classes, table);
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    private IEnumerable<PatchSetRecord> WriteAll(MammoDataset dataset, string[] classes, PatchTable table)
    {
        using var owned = table;
        table.Begin();
        foreach (var name in classes)
            table.MakeFolder(name);
        var jobs = dataset.Images.Zip(PatchImageNames.Of(dataset.Images)).Select((pair, i) => new Job(i, pair.First, pair.Second));

        // Far ahead, for results hold no pixels and one slow image is not to stop the other workers.
        foreach (var result in jobs.LoadOrdered((job, _) => Sample(job, table), Workers, 16 * Workers, CancellationToken))
            yield return result.ValueOrThrow();
        table.Write();
    }

    private PatchSetRecord Sample(Job job, PatchTable table)
    {
        var record = new PatchSetRecord(job.Image.Path, job.Name);
        GreyImage stored;
        PatchFrame frame;
        PatchSample sample;
        try
        {
            stored = ImageReader.Read(job.Image.Path, dicom: Dicom);
            frame = new PatchFrame(stored, Options);
            sample = Options.IsOriginal ? NumpySampler.Sample(frame, job.Image.Rois, Options) : DefaultSampler.Sample(frame, job.Name, job.Image.Rois, Options);
        }
        catch (MammoException error)
        {
            return record with { Error = error.Named(job.Image.Path) };
        }

        // Of patches with one name the last one stays, as in the original.
        var places = sample.Places.ToLookup(place => FileOf(place, job), StringComparer.OrdinalIgnoreCase);
        ImmutableArray<PatchRow> rows = [.. places.Select(group => RowOf(group.Key, group.Last(), job, frame))];
        table.Add(job.Number, rows);
        foreach (var (row, group) in rows.Zip(places))
            WritePatch(row.File, frame.Cut(group.Last().Centre));
        return record with
        {
            Patches = new NamedTable<int>(rows.CountBy(row => row.Class).OrderBy(pair => pair.Key, StringComparer.Ordinal)),
            HardNegative = rows.Count(row => row.Source == PatchSource.HardNegative),
            Outside = rows.Count(row => row.Source == PatchSource.Outside),
            Edge = rows.Count(row => row.Source == PatchSource.Edge),
            Cutoff = sample.Cutoff,
            VoiUsed = stored.VoiUsed,
            Warnings = new FindingList(rows.Length == sample.Places.Length ? sample.Warnings
                : sample.Warnings.Add(new Finding(ErrorIds.PatchesFewer,
                    $"{sample.Places.Length - rows.Length} patches were replaced by others of their name: two lesions of one class have one number."))),
        };
    }

    private string FileOf(PatchPlace place, Job job) => $"{Options.NameOf(place.Class)}/{place.FileName(job.Name)}";

    private PatchRow RowOf(string file, PatchPlace place, Job job, PatchFrame frame) =>
        new(file, Options.NameOf(place.Class), place.Source, job.Image.Path, place.Abnormality, frame.InImage(place.Centre));

    // The original writes 16 bits whatever it read. Its constant patches become zeros by a division by zero; here they keep their grey.
    private void WritePatch(string file, GreyImage patch) =>
        PngWriter.Write(Path.Combine(Folder, file), Options.IsOriginal ? patch.With(patch.Pixels, bitDepth: 16) : patch);

    private sealed record Job(int Number, MammoImage Image, string Name);
}
