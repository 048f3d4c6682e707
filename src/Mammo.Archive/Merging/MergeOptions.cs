namespace Mammo.Archive.Merging;

/// <summary>How results are written.</summary>
public enum ResultFormat
{
    /// <summary>By the name of the file: Parquet for .parquet, JSON lines for .jsonl and .ndjson, CSV for others.</summary>
    Auto,

    /// <summary>Commas, as Export-Csv writes it.</summary>
    Csv,

    /// <summary>An object on each line.</summary>
    JsonLines,

    /// <summary>Apache Parquet.</summary>
    Parquet,
}

/// <summary>Which results are merged, and into what.</summary>
public sealed record MergeOptions
{
    /// <summary>The worklist.</summary>
    public required string Worklist { get; init; }

    /// <summary>Folder of the results; folders below it are looked at too.</summary>
    public required string Folder { get; init; }

    /// <summary>The file to write; replaced where it exists.</summary>
    public required string Path { get; init; }

    /// <summary>How it is written.</summary>
    public ResultFormat Format { get; init; }

    /// <summary>Folder that the paths in the result begin with; null for the one where the worklist was made.</summary>
    public string? Root { get; init; }

    /// <summary>Writes what is there also when it does not add up.</summary>
    public bool IsPartial { get; init; }

    /// <summary>By how much the numbers of an image that was scored twice may differ.</summary>
    public double Tolerance { get; init; }

    /// <summary>Bytes of lines that are held at the same time.</summary>
    public int Memory { get; init; } = Sorting.ExternalSort.DefaultMemory;
}
