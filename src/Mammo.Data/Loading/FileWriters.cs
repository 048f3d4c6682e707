namespace Mammo.Data.Loading;

/// <summary>Work that reads an image and writes files.</summary>
public static class FileWriters
{
    /// <summary>
    /// Images worked on at the same time unless the user says otherwise: two for each processor, for while one waits until its file is on the disk, another computes (two processors do 1.9 to 2.4 times the films of
    /// one so).
    /// </summary>
    public static int DefaultWorkers { get; } = 2 * Environment.ProcessorCount;
}
