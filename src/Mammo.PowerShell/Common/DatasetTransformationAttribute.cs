using System.Collections;
using System.Management.Automation;
using Mammo.Data.Datasets;

namespace Mammo.PowerShell.Common;

/// <summary>Lets a folder of class folders, a CSV list (as text or file object), or several datasets be given where a dataset is wanted.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DatasetTransformationAttribute : ArgumentTransformationAttribute
{
    // What else is in the pipeline is an image's file, though it holds text by mistake.
    private static readonly string[] Lists = [".csv", ".tsv"];

    /// <summary>Several datasets become one; for a cmdlet that compares them they stay apart.</summary>
    public bool IsJoined { get; init; } = true;

    /// <summary>The parameter takes the pipeline, where a text may be an image too: what is no folder and no list is left to other parameters.</summary>
    public bool IsPiped { get; init; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        ArgumentNullException.ThrowIfNull(engineIntrinsics);
        try
        {
            return Made(engineIntrinsics, inputData);
        }
        catch (MammoException failure)
        {
            throw ArgumentErrors.NotMade(failure);
        }
    }

    private object? Made(EngineIntrinsics engine, object? given)
    {
        if (ArgumentParts.Plain(given) is not { } value)
            return null;
        if (value is not IList items)
            return One(engine, value);
        MammoDataset[] datasets = [.. items.Cast<object?>().Select(item => item is null
            ? throw new MammoException(ErrorIds.ArgumentInvalid, "One of the datasets is null.", "Look at how it was made: an import may have failed.")
            : One(engine, ArgumentParts.Plain(item)!))];
        return IsJoined ? MammoDataset.Join(datasets) : datasets;
    }

    private MammoDataset One(EngineIntrinsics engine, object value)
    {
        if (value is MammoDataset dataset)
            return dataset;
        if (value is not (string or FileSystemInfo))
            throw Other(ErrorIds.ArgumentInvalid, $"'{value}' ({value.GetType().Name}) is no dataset.");
        var path = value is FileSystemInfo file ? file.FullName : (string)value;
        var full = engine.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out _, out _);
        if (Directory.Exists(full))
            return Whole(ClassFolders.Import(full), path);
        if (!File.Exists(full))
            throw Other(ErrorIds.FileNotFound, $"'{path}' does not exist, where a dataset is wanted.");
        var content = FileContent.NameOf(full);
        if (!FileContent.IsList(content) || (IsPiped && !Lists.Contains(Path.GetExtension(full), StringComparer.OrdinalIgnoreCase)))
            throw Other(ErrorIds.DatasetInvalid, $"'{path}' is {content ?? "a file of another kind"}, where a dataset is wanted.");
        return Whole(DatasetCsv.Read(full), path);
    }

    // PowerShell tries the next parameter that takes the pipeline where a cast is said to be the cause, and shows the message where there is none.
    private Exception Other(string id, string what)
    {
        var failure = new MammoException(
            id, what, "Give a dataset (Import-MammoDataset), a folder of class folders, or a CSV list with the columns path and label.");
        return IsPiped ? ArgumentErrors.NotCast(failure) : failure;
    }

    // Here nobody would learn what would be left out.
    private static MammoDataset Whole(DatasetImport import, string path) => import.Findings.IsEmpty
        ? import.Dataset
        : throw new MammoException(
            import.Findings[0].Id, $"'{path}': {import.Findings[0].Message}", "Fix the list or folder, or take what is left of it by Import-MammoDataset.",
                path);
}
