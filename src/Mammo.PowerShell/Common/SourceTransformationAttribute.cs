using System.Globalization;
using System.Management.Automation;
using Mammo.Data.Datasets;

namespace Mammo.PowerShell.Common;

/// <summary>
/// Takes images as what they are: a dataset (object, folder of class folders, CSV list), images of one, rows, image files, wildcards, and a folder of image
/// files. What is no dataset, image or row stays a path.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SourceTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly EnumerationOptions Shown = new() { AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };

    private readonly DatasetTransformationAttribute _datasets = new() { IsJoined = false };
    private readonly RowTransformationAttribute _rows = new();

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        ArgumentNullException.ThrowIfNull(engineIntrinsics);
        return ArgumentParts.Of(inputData).Select(part => part is null ? null : One(engineIntrinsics, part)).ToArray();
    }

    private object? One(EngineIntrinsics engine, object value)
    {
        if (value is MammoDataset or MammoImage)
            return value;
        if (value is not (string or FileSystemInfo))
        {
            return _rows.Transform(engine, value) as MammoImage
                ?? throw ArgumentErrors.NotMade($"'{value}' ({value.GetType().Name}) is no image.", "Give a dataset, images, or names of files.");
        }

        var path = value is FileSystemInfo file ? file.FullName : (string)value;
        if (path.Length == 0)
            throw ArgumentErrors.NotMade("The name of the images is empty.", "Look at how it was made: '.' is the current folder.");
        var full = ArgumentPaths.Full(engine, path);
        if (Directory.Exists(full))
            return HasFolders(full) ? _datasets.Transform(engine, value) : Files(full, path);
        if (File.Exists(full))
            return DatasetTransformationAttribute.IsNamedList(full) ? _datasets.Transform(engine, value) : path;
        return path.StartsWith("--", StringComparison.Ordinal) ? throw Option(path) : path;
    }

    // The names are listed when they are scored, as of wildcards.
    private static string Files(string folder, string path)
    {
        if (new DirectoryInfo(folder).EnumerateFiles("*", Shown).Any())
            return Path.Combine(WildcardPattern.Escape(folder), "*");
        throw ArgumentErrors.NotMade(new MammoException(
            ErrorIds.FileNotFound, $"The folder '{path}' is empty.", "Name the folder that holds the images, or class folders with them.", path));
    }

    // Hidden folders, which other programs leave, are no classes.
    private static bool HasFolders(string folder) =>
        new DirectoryInfo(folder).EnumerateDirectories("*", Shown).Any();

    private static ArgumentTransformationMetadataException Option(string text)
    {
        var name = string.Concat(text.Split('=')[0].Split('-').Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase));
        return ArgumentErrors.NotMade($"'{text}' is no image.", $"Parameters of PowerShell begin with one dash, as -{name}.");
    }
}
