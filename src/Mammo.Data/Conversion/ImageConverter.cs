using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Loading;

namespace Mammo.Data.Conversion;

/// <summary>Converts images of any readable kind to PNG in another folder, keeping the folders below the source's.</summary>
/// <param name="Folder">Folder of the results.</param>
/// <param name="Conversion">What is done to each image.</param>
public sealed record ImageConverter(string Folder, ImageConversion Conversion)
{
    /// <summary>How DICOM files are read.</summary>
    public DicomOptions Dicom { get; init; } = DicomOptions.Default;

    /// <summary>Images converted at the same time; the results do not depend on it.</summary>
    public int Workers { get; init; } = FileWriters.DefaultWorkers;

    /// <summary>
    /// The folder below which every source keeps its place, so that files of several folders do not meet; null keeps the files of a folder in their place below
    /// it, and a file alone comes to the top.
    /// </summary>
    public string? Root { get; init; }

    /// <summary>
    /// Every source is one image, as the rows of a dataset are: a folder among them, which a row may name, is an image that cannot be read, and is not
    /// searched.
    /// </summary>
    public bool AreFiles { get; init; }

    /// <summary>Convert files again that are up to date, for other options than last time.</summary>
    public bool Force { get; init; }

    /// <summary>Ends the enumeration of the records with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>The deepest folder that holds everything named, a folder holding itself; null when there is none.</summary>
    /// <param name="sources">Files, whether they exist or not, and folders that exist.</param>
    public static string? CommonFolder(IEnumerable<string> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        string? common = null;
        foreach (var source in sources.Select(Path.GetFullPath))
        {
            var folder = Directory.Exists(source) ? Path.TrimEndingDirectorySeparator(source) : Path.GetDirectoryName(source);
            common ??= folder;
            while (common is not null && !IsWithin(folder!, common))
                common = Path.GetDirectoryName(common);
            if (common is null)
                return null;
        }

        return common;
    }

    /// <summary>What would be done, in ordinal order of the targets below each source. Nothing is written.</summary>
    /// <param name="sources">Files, and folders whose images are taken at any depth. A file that is named more than once is converted once.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.ConversionTargetTaken"/>: two sources would become one file, or a file would replace itself;
    /// <see cref="ErrorIds.FolderUnwritable"/>: the folder is a file.
    /// </exception>
    public IReadOnlyList<ConversionJob> Plan(IEnumerable<string> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        if (File.Exists(Folder))
            throw new MammoException(
                ErrorIds.FolderUnwritable, $"'{Folder}' is a file, where a folder for the images is wanted.", "Name another folder.", Folder);
        var taken = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var jobs = new List<ConversionJob>();
        foreach (var (source, relative) in sources.SelectMany(Expand))
        {
            var target = Path.GetFullPath(Path.Combine(Folder, Path.ChangeExtension(relative, ".png")));
            if (taken.TryGetValue(target, out var other) && other == source)
                continue;
            if (!taken.TryAdd(target, source) || target == source)
            {
                throw new MammoException(
                    ErrorIds.ConversionTargetTaken,
                    target == source ? $"'{source}' would replace itself." : $"'{source}' and '{taken[target]}' would both become '{target}'.",
                    "Choose another folder, or rename one of them.",
                    source);
            }

            jobs.Add(new ConversionJob(source, target, File.Exists(target) && File.GetLastWriteTimeUtc(target) >= File.GetLastWriteTimeUtc(source)));
        }

        return jobs;
    }

    /// <summary>
    /// Converts files and gives one record each, in the order of the jobs, as they are done. What is wrong with a file is in its record. The folder is this
    /// run's alone, and marked as unfinished until the last record was taken.
    /// </summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ConversionOptionInvalid"/>; <see cref="ErrorIds.FolderInUse"/>; <see cref="ErrorIds.FolderUnwritable"/>.
    /// </exception>
    public IEnumerable<ImageConversionRecord> Convert(IEnumerable<ConversionJob> jobs)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        return ConvertAll(jobs);
    }

    private IEnumerable<ImageConversionRecord> ConvertAll(IEnumerable<ConversionJob> jobs)
    {
        Conversion.Check();
        using var run = new ConversionRun(Folder);
        // Far ahead, for results hold no pixels and one slow image is not to stop the other workers.
        foreach (var result in jobs.Select(Begun).LoadOrdered((job, _) => Convert(job), Workers, 16 * Workers, CancellationToken))
            yield return result.ValueOrThrow();
        run.Finish();

        ConversionJob Begun(ConversionJob job)
        {
            if (!job.IsUpToDate || Force)
                run.Begin();
            return job;
        }
    }

    private ImageConversionRecord Convert(ConversionJob job)
    {
        if (job.IsUpToDate && !Force)
            return new ImageConversionRecord(job.Source, job.Target, ConversionStatus.UpToDate);
        try
        {
            var source = ImageReader.Read(job.Source, dicom: Dicom);
            var converted = Conversion.Apply(source);
            PngWriter.Write(job.Target, converted.Image);
            return new ImageConversionRecord(job.Source, job.Target, ConversionStatus.Converted)
            {
                SourceSize = source.Size,
                Size = converted.Image.Size,
                BitDepth = converted.Image.BitDepth,
                Box = converted.Box,
                IsFlipped = converted.IsFlipped,
                VoiUsed = source.VoiUsed,
                Warnings = new FindingList(converted.Warnings),
            };
        }
        catch (MammoException error) when (error.ErrorId != ErrorIds.ConversionOptionInvalid)
        {
            return new ImageConversionRecord(job.Source, job.Target, ConversionStatus.Failed) { Error = error.Named(job.Source) };
        }
    }

    private IEnumerable<(string Source, string Relative)> Expand(string source)
    {
        var full = Path.GetFullPath(source);
        if (AreFiles && Directory.Exists(full))
            return [(full, Path.GetFileName(Path.TrimEndingDirectorySeparator(full)))];
        if (AreFiles || File.Exists(full))
            return [(full, Root is null ? Path.GetFileName(full) : Path.GetRelativePath(Root, full))];
        // Results that lie below a source are no sources; a source that lies among the results is one.
        var results = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder));
        return new ImageFiles(full).All()
            .Where(file => IsWithin(full, results) || !IsWithin(file, results))
            .Select(file => (file, Path.GetRelativePath(Root ?? full, file)));
    }

    private static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}

/// <summary>One file to be converted.</summary>
/// <param name="Source">Full path of the image.</param>
/// <param name="Target">Full path of the PNG to be written.</param>
/// <param name="IsUpToDate">The target is there and not older than the source.</param>
public sealed record ConversionJob(string Source, string Target, bool IsUpToDate);
