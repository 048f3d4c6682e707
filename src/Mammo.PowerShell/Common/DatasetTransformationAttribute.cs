using System.Collections;
using System.Management.Automation;
using Mammo.Data.Datasets;

namespace Mammo.PowerShell.Common;

/// <summary>Lets a folder of class folders, a CSV, or several datasets be given where a dataset is wanted.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DatasetTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Several datasets become one; for a cmdlet that compares them they stay apart.</summary>
    public bool IsJoined { get; init; } = true;

    /// <summary>The parameter takes the pipeline, where a text may be an image too: only folders and .csv files are datasets.</summary>
    public bool IsPiped { get; init; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        ArgumentNullException.ThrowIfNull(engineIntrinsics);
        var given = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        try
        {
            if (given is IList items)
            {
                MammoDataset[] datasets = [.. items.Cast<object>().Select(item => Transform(engineIntrinsics, item)).Cast<MammoDataset>()];
                return IsJoined ? MammoDataset.Join(datasets) : datasets;
            }

            if (given is not string path)
                return given;
            var full = engineIntrinsics.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out _, out _);
            if (IsPiped && !Directory.Exists(full) && !System.IO.Path.GetExtension(full).Equals(".csv", StringComparison.OrdinalIgnoreCase))
                return given;
            return Directory.Exists(full) ? ClassFolders.Read(full) : Whole(DatasetCsv.Read(full), path);
        }
        catch (Exception failure) when (failure is MammoException or InvalidCastException)
        {
            throw new ArgumentTransformationMetadataException(failure.Message, failure);
        }
    }

    // Here nobody would learn what would be left out.
    private static MammoDataset Whole(DatasetImport import, string path) => import.Findings.IsEmpty
        ? import.Dataset
        : throw new MammoException(
            import.Findings[0].Id, $"'{path}': {import.Findings[0].Message}", "Fix the table, or take what is left of it by Import-MammoDataset.", path);
}
