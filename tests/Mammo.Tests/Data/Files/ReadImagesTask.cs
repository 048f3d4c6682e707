using System.Diagnostics;
using Mammo.Data.Files;

namespace Mammo.Tests.Data.Files;

/// <summary>Reads images in a process that does nothing else, so that the memory that libvips takes can be measured.</summary>
internal static class ReadImagesTask
{
    public const string Name = "read-images";

    /// <summary>
    /// Writes a line for each file of the folder but the first, which is a good image: the id of its error.
    /// The last line is by how many bytes the process grew meanwhile.
    /// </summary>
    public static void Run(string[] arguments)
    {
        var files = Directory.GetFiles(arguments[0]).Order(StringComparer.Ordinal).ToArray();
        ImageReader.Read(files[0]);
        var before = Process.GetCurrentProcess().PeakWorkingSet64;
        foreach (var file in files.Skip(1))
            Console.WriteLine(Assert.Throws<MammoException>(() => ImageReader.Read(file)).ErrorId);
        Console.WriteLine(FormattableString.Invariant($"{Process.GetCurrentProcess().PeakWorkingSet64 - before}"));
    }
}
