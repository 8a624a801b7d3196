# The configuration of the RT that start-rt.sh starts. Perl, read by RT by the name in RT_SITE_CONFIG.
use utf8;

my ($folder, $port, $database) = @ENV{qw(REAL_RT_FOLDER REAL_RT_PORT REAL_RT_DATABASE)};

Set($rtname, 'rt.test');
Set($Organization, 'rt.test');
Set($WebDomain, '127.0.0.1');
Set($WebPort, $port);
Set($WebPath, '');
# Not UTC, so that a time that is read in the wrong zone is seen.
Set($Timezone, 'Europe/Prague');

if ($database eq 'pg') {
    Set($DatabaseType, 'Pg');
    Set($DatabaseHost, "$folder/socket");
    Set($DatabaseName, 'rt');
    Set($DatabaseUser, 'rt');
    Set($DatabasePassword, 'throwaway');
} else {
    Set($DatabaseType, 'SQLite');
    Set($DatabaseName, "$folder/rt.sqlite3");
}

Set($LogToSyslog, undef);
Set($LogToFile, undef);
Set($LogToSTDERR, 'error');
Set($MailCommand, 'sendmailpipe');
Set($SendmailPath, "$folder/sendmail");
Set($MasonDataDir, "$folder/mason");
Set($MasonSessionDir, "$folder/session");
# The default, 12, costs a quarter of a second of CPU with each request of the API.
Set($BcryptCost, 4);

# A strict lifecycle beside the stock one: statuses with names of their own, and a button for each legal transition.
Set(%Lifecycles, change => {
    initial => ['draft'], active => ['review', 'approved', 'parked'], inactive => ['done', 'refused'],
    defaults => { on_create => 'draft' },
    transitions => {
        '' => ['draft'], draft => ['review', 'refused'], review => ['approved', 'refused', 'parked'],
        parked => ['review'], approved => ['done', 'review'], done => [], refused => ['draft'],
    },
    rights => { '* -> *' => 'ModifyTicket' },
    actions => [
        'draft -> review'    => { label => 'Ask for review', update => 'Respond' },
        'draft -> refused'   => { label => 'Refuse', update => 'Comment' },
        'review -> approved' => { label => 'Approve', update => 'Comment' },
        'review -> refused'  => { label => 'Refuse', update => 'Comment' },
        'review -> parked'   => { label => 'Park' },
        'parked -> review'   => { label => 'Resume' },
        'approved -> done'   => { label => 'Complete' },
        'refused -> draft'   => { label => 'Reopen' },
    ],
});

1;
