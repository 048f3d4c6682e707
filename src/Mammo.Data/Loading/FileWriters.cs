namespace Mammo.Data.Loading;

/// <summary>Work that reads an image and writes files.</summary>
public static class FileWriters
{
    /// <summary>
    /// Images worked on at the same time unless the user says otherwise: two for each processor, for while one waits until its file is on the disk, another computes (on two processors 1.6 to 1.85 times the
    /// films of one worker; with one for each processor 1.4 to 1.65 times).
    /// </summary>
    public static int DefaultWorkers { get; } = 2 * Environment.ProcessorCount;
}
