"""Who may do what: one table of every address, every method and every kind of person.

A row is a method, an address, what it is about (words of `subjects` in test_who_may.py; none: the model
itself) and one cell for each kind of person:

    nob  nobody: neither signed in nor with a token
    oth  other: a steward and data scientist of another team
    adm  the site administrator, in no team
    rea, eng, sci, dev, ste, aud
         reader, data-engineer, data-scientist, devops-engineer, steward and auditor of the team
    aut  the author of every version, who holds all roles that push, promote and decide

    yes  done or shown             -    there is nothing there: 404
    no   refused: 403              in   asked to sign in: at a page sent there, a program gets 401
    400  a form names something that is not there for this person
    409  allowed, and things are not in a state for it

GET stands for HEAD, too. A program's address works with and without its last slash and stands here once.
"""

from __future__ import annotations

from dataclasses import dataclass

PEOPLE = ("nob", "oth", "adm", "rea", "eng", "sci", "dev", "ste", "aud", "aut")

PAGES = """
                                                   nob oth adm rea eng sci dev ste aud aut
GET    healthz                                     yes yes yes yes yes yes yes yes yes yes
GET    readyz                                      yes yes yes yes yes yes yes yes yes yes
GET    client/steward.py                           yes yes yes yes yes yes yes yes yes yes
GET    client/signing-key.pem                      yes yes yes yes yes yes yes yes yes yes
GET    metrics                                     -   -   -   -   -   -   -   -   -   -

# people
GET    account/login/                              yes yes yes yes yes yes yes yes yes yes
POST   account/login/                              yes yes yes yes yes yes yes yes yes yes
GET    account/logout/                             yes yes yes yes yes yes yes yes yes yes
POST   account/logout/                             yes yes yes yes yes yes yes yes yes yes
GET    account/password/                           in  yes yes yes yes yes yes yes yes yes
POST   account/password/                           in  yes yes yes yes yes yes yes yes yes
GET    account/reset/                              yes yes yes yes yes yes yes yes yes yes
POST   account/reset/                              yes yes yes yes yes yes yes yes yes yes
GET    account/reset/{key}/ lost                   yes yes yes yes yes yes yes yes yes yes
POST   account/reset/{key}/ lost                   yes yes yes yes yes yes yes yes yes yes
GET    account/join/{key}/ invited                 yes yes yes yes yes yes yes yes yes yes
POST   account/join/{key}/ invited                 yes yes yes yes yes yes yes yes yes yes
GET    stop/{key}/ stop                            yes yes yes yes yes yes yes yes yes yes
POST   stop/{key}/ stop                            yes yes yes yes yes yes yes yes yes yes
GET    account/confirm/                            in  yes yes yes yes yes yes yes yes yes
POST   account/confirm/                            in  yes yes yes yes yes yes yes yes yes
GET    account/                                    in  yes yes yes yes yes yes yes yes yes
POST   account/                                    in  yes yes yes yes yes yes yes yes yes
GET    account/email/                              in  yes yes yes yes yes yes yes yes yes
POST   account/email/                              in  yes yes yes yes yes yes yes yes yes
GET    account/sessions/                           in  yes yes yes yes yes yes yes yes yes
POST   account/sessions/end                        in  yes yes yes yes yes yes yes yes yes
POST   account/sessions/{pk}/end browser           in  -   -   -   -   -   -   -   -   yes
GET    account/second-step/                        yes yes yes yes yes yes yes yes yes yes
POST   account/second-step/                        yes yes yes yes yes yes yes yes yes yes
GET    account/passkey/challenge                   yes yes yes yes yes yes yes yes yes yes
POST   account/passkey/                            yes yes yes yes yes yes yes yes yes yes
GET    account/security/                           in  yes yes yes yes yes yes yes yes yes
GET    account/security/app/                       in  yes yes yes yes yes yes yes yes yes
POST   account/security/app/                       in  400 400 400 400 400 400 400 400 400
GET    account/security/passkey/                   in  yes yes yes yes yes yes yes yes yes
POST   account/security/passkey/                   in  400 400 400 400 400 400 400 400 400
GET    account/security/codes/                     in  yes yes yes yes yes yes yes yes yes
POST   account/security/codes/                     in  409 409 409 409 409 409 409 409 409
POST   account/security/codes/file                 in  yes yes yes yes yes yes yes yes yes
GET    account/security/{pk}/remove lost           in  -   -   -   -   -   -   -   -   -
POST   account/security/{pk}/remove lost           in  -   -   -   -   -   -   -   -   -
GET    account/tokens/                             in  yes yes yes yes yes yes yes yes yes
POST   account/tokens/                             in  yes yes yes yes yes yes yes yes yes
GET    account/tokens/{pk}/revoke token            in  -   -   -   -   -   -   -   -   yes
POST   account/tokens/{pk}/revoke token            in  -   -   -   -   -   -   -   -   yes
GET    teams/                                      in  yes yes yes yes yes yes yes yes yes
GET    teams/{slug}/                               in  -   yes yes yes yes yes yes yes yes
GET    teams/{slug}/archive                        in  -   yes no  no  no  no  no  no  no
POST   teams/{slug}/archive                        in  -   yes no  no  no  no  no  no  no
GET    teams/{slug}/unarchive                      in  -   yes no  no  no  no  no  no  no
POST   teams/{slug}/unarchive                      in  -   409 no  no  no  no  no  no  no
GET    teams/{slug}/review/                        in  -   -   -   -   -   -   yes yes yes
GET    teams/{slug}/gate/                          in  -   -   -   yes yes yes yes yes yes
POST   teams/{slug}/gate/                          in  -   -   -   no  no  no  yes no  yes
GET    teams/{slug}/gate/requests/{pk}/ change     in  -   -   -   yes yes yes yes yes yes
POST   teams/{slug}/gate/requests/{pk}/ change     in  -   -   -   no  no  no  yes no  no
GET    findings/                                   in  yes yes yes yes yes yes yes yes yes
POST   findings/ blocked                           in  400 400 400 yes yes yes yes no  yes
GET    findings/json                               in  yes yes yes yes yes yes yes yes yes
GET    findings/sarif                              in  yes yes yes yes yes yes yes yes yes
GET    teams/{slug}/names/                         in  -   -   -   yes yes yes yes yes yes
GET    teams/{slug}/names/{pk}/end/ known          in  -   -   -   no  no  no  yes no  yes
POST   teams/{slug}/names/{pk}/end/ known          in  -   -   -   no  no  no  yes no  yes
GET    teams/{slug}/signing-keys/                  in  -   -   -   yes yes yes yes yes yes
POST   teams/{slug}/signing-keys/                  in  -   -   -   no  no  no  yes no  yes
GET    teams/{slug}/signing-keys/{pk}/end/ signer  in  -   -   -   no  no  no  yes no  yes
POST   teams/{slug}/signing-keys/{pk}/end/ signer  in  -   -   -   no  no  no  yes no  yes
GET    teams/{slug}/bin/                           in  -   -   -   yes yes -   yes -   yes
POST   teams/{slug}/bin/{pk}/restore deletion      in  -   -   -   -   -   -   yes -   yes
GET    teams/{slug}/members/                       in  -   yes no  no  no  no  yes no  yes
POST   teams/{slug}/members/                       in  -   yes no  no  no  no  yes no  yes
GET    teams/{slug}/members/{username}/ reader     in  -   yes no  no  no  no  yes no  yes
POST   teams/{slug}/members/{username}/ reader     in  -   yes no  no  no  no  yes no  yes
GET    teams/{slug}/members/{username}/remove reader in -  yes no  no  no  no  yes no  yes
POST   teams/{slug}/members/{username}/remove reader in -  yes no  no  no  no  yes no  yes
GET    teams/{slug}/invitations/                   in  -   yes no  no  no  no  yes no  yes
GET    teams/{slug}/invitations/new                in  -   yes no  no  no  no  yes no  yes
POST   teams/{slug}/invitations/new                in  -   yes no  no  no  no  yes no  yes
POST   teams/{slug}/invitations/{pk}/revoke invitation in - yes -  -   -   -   yes -   yes
GET    teams/{slug}/second-factor                  in  -   no  no  no  no  no  yes no  yes
POST   teams/{slug}/second-factor                  in  -   no  no  no  no  no  409 no  409
GET    teams/{slug}/services/                      in  -   yes no  no  no  no  yes no  yes
POST   teams/{slug}/services/                      in  -   yes no  no  no  no  yes no  yes
GET    teams/{slug}/services/{username}/hand-over account in - yes no no no no  yes no  yes
POST   teams/{slug}/services/{username}/hand-over account in - yes no no no no  yes no  yes
GET    teams/{slug}/webhook/                       in  -   no  no  no  no  no  yes no  yes
POST   teams/{slug}/webhook/                       in  -   no  no  no  no  no  yes no  yes
GET    teams/{slug}/webhook/secret                 in  -   no  no  no  no  no  yes no  yes
POST   teams/{slug}/webhook/secret                 in  -   no  no  no  no  no  yes no  yes
GET    teams/{slug}/webhook/remove                 in  -   no  no  no  no  no  yes no  yes
POST   teams/{slug}/webhook/remove                 in  -   no  no  no  no  no  yes no  yes
POST   teams/{slug}/webhook/resume                 in  -   no  no  no  no  no  409 no  409
POST   teams/{slug}/webhook/deliveries/{pk}/again delivery in - no no no no no yes no  yes
GET    users/                                      in  no  yes no  no  no  no  no  no  no
GET    users/{username}/deactivate reader          in  -   yes no  no  no  no  no  no  no
POST   users/{username}/deactivate reader          in  -   yes no  no  no  no  no  no  no
GET    users/{username}/reactivate reader          in  -   yes no  no  no  no  no  no  no
POST   users/{username}/reactivate reader          in  -   409 no  no  no  no  no  no  no
GET    locks/                                      in  no  yes no  no  no  no  no  no  no
POST   locks/{pk}/lift lock                        in  -   yes -   -   -   -   -   -   -
GET    users/{username}/second-factor lost         in  -   yes no  no  no  no  no  no  no
POST   users/{username}/second-factor lost         in  -   yes no  no  no  no  no  no  no
GET    roles/                                      in  yes yes yes yes yes yes yes yes yes
GET    new/team/                                   in  no  yes no  no  no  no  no  no  no
POST   new/team/                                   in  no  yes no  no  no  no  no  no  no
GET    new/user/                                   in  no  yes no  no  no  no  no  no  no
POST   new/user/                                   in  no  yes no  no  no  no  no  no  no

# what spans everything
GET    /                                           in  yes yes yes yes yes yes yes yes yes
GET    help/                                       in  yes yes yes yes yes yes yes yes yes
GET    search/                                     in  yes yes yes yes yes yes yes yes yes
GET    search/?q=scorer                            in  yes yes yes yes yes yes yes yes yes
GET    search/?q=fraud                             in  yes yes yes yes yes yes yes yes yes
GET    search/?q=finding-in-the                    in  yes yes yes yes yes yes yes yes yes
GET    search/?q=name-of-the-deleted               in  yes yes yes yes yes yes yes yes yes
GET    search/?q=title-of-the-decision             in  yes yes yes yes yes yes yes yes yes
GET    search/?q=title-of-the-article              in  yes yes yes yes yes yes yes yes yes
GET    shortcuts/                                  in  yes yes yes yes yes yes yes yes yes
GET    demo/                                       in  no  no  no  no  no  no  no  no  no
POST   demo/                                       in  no  no  no  no  no  no  no  no  no
GET    demo/away/                                  in  no  -   no  no  no  no  no  no  no
POST   demo/away/                                  in  no  -   no  no  no  no  no  no  no
GET    decisions/                                  in  yes yes yes yes yes yes yes yes yes
GET    decisions/new/                              in  yes no  no  yes yes yes yes no  yes
POST   decisions/new/                              in  400 no  no  yes yes yes yes no  yes
GET    decisions/{team}/{number}/ decision         in  -   -   yes yes yes yes yes yes yes
GET    collections/                                in  yes yes yes yes yes yes yes yes yes
GET    collections/new/                            in  yes no  no  yes yes yes yes no  yes
POST   collections/new/                            in  400 no  no  yes yes yes yes no  yes
GET    collections/{team}/{slug}/ collection       in  -   -   -   -   -   -   yes -   yes
GET    collections/{team}/{slug}/edit/ collection  in  -   -   -   -   -   -   yes -   yes
POST   collections/{team}/{slug}/edit/ collection  in  -   -   -   -   -   -   yes -   yes
GET    articles/{team}/{slug}/ kept                in  -   -   -   -   -   -   yes -   yes
POST   search/missed                               in  yes yes yes yes yes yes yes yes yes
GET    twins/                                      in  yes yes yes yes yes yes yes yes yes
GET    twins/{pk}/ twins                           in  -   -   yes yes yes yes yes yes yes
POST   twins/{pk}/ twins                           in  -   -   no  yes yes yes yes no  yes
GET    weeks/{pk}/ week                            in  -   -   -   -   -   -   -   -   yes
GET    wanted/{pk}/ wanted                         in  -   -   -   yes yes yes yes -   yes
POST   wanted/{pk}/ wanted                         in  -   -   -   no  no  no  yes -   yes
GET    articles/                                   in  yes yes yes yes yes yes yes yes yes
GET    articles/labels/                            in  yes yes yes yes yes yes yes yes yes
GET    articles/import/                            in  yes yes yes yes yes yes yes yes yes
GET    articles/import/{team}/                     in  -   -   no  yes yes yes yes no  yes
POST   articles/import/{team}/                     in  -   -   no  yes yes yes yes no  yes
GET    imports/{pk}/ import                        in  -   -   -   -   -   -   -   -   yes
POST   imports/{pk}/ import                        in  -   -   -   -   -   -   -   -   yes
GET    articles/new/                               in  yes no  no  yes yes yes yes no  yes
POST   articles/new/                               in  400 no  no  yes yes yes yes no  yes
GET    articles/{team}/{slug}/ article             in  -   -   yes yes yes yes yes yes yes
POST   articles/{team}/{slug}/ article             in  -   -   yes yes yes yes yes yes yes
GET    articles/{team}/{slug}/edit/ article        in  -   -   no  yes yes yes yes no  yes
POST   articles/{team}/{slug}/edit/ article        in  -   -   no  yes yes yes yes no  yes
GET    articles/{team}/{slug}/about/ article       in  -   -   no  yes yes yes yes no  yes
POST   articles/{team}/{slug}/about/ article       in  -   -   no  yes yes yes yes no  yes
GET    articles/{team}/{slug}/verify/ article      in  -   -   no  no  no  no  yes no  yes
POST   articles/{team}/{slug}/verify/ article      in  -   -   no  no  no  no  yes no  yes
POST   collections/{team}/{slug}/watch collection in   -   -   -   -   -   -   yes -   yes
POST   articles/{team}/{slug}/watch article        in  -   -   yes yes yes yes yes yes yes
POST   articles/{team}/{slug}/unwatch article      in  -   -   yes yes yes yes yes yes yes
POST   articles/{team}/{slug}/rate article         in  -   -   yes yes yes yes yes yes yes
POST   articles/{team}/{slug}/acknowledge article  in  -   -   yes yes yes yes yes yes yes
GET    articles/{team}/{slug}/reading/ article     in  -   -   no  no  no  no  yes no  yes
POST   articles/{team}/{slug}/reading/ article     in  -   -   no  no  no  no  409 no  409
GET    articles/{team}/{slug}/reading/end/ article in  -   -   no  no  no  no  yes no  yes
POST   articles/{team}/{slug}/reading/end/ article in  -   -   no  no  no  no  yes no  yes
GET    articles/{team}/{slug}/attachments/ article in  -   -   yes yes yes yes yes yes yes
POST   articles/{team}/{slug}/attachments/ article in  -   -   no  yes yes yes yes no  yes
GET    articles/{team}/{slug}/attachments/{name}/ attached in - - no no  no  no  yes no  yes
GET    articles/{team}/{slug}/attachments/{name}/shown attached in - - - - - - - - -
GET    articles/{team}/{slug}/attachments/{name}/remove/ attached in - - no yes yes yes yes no yes
POST   articles/{team}/{slug}/attachments/{name}/remove/ attached in - - no yes yes yes yes no yes
GET    articles/{team}/{slug}/archive/ article     in  -   -   no  no  no  no  yes no  yes
POST   articles/{team}/{slug}/archive/ article     in  -   -   no  no  no  no  yes no  yes
GET    articles/{team}/{slug}/versions/ article    in  -   -   yes yes yes yes yes yes yes
GET    articles/{team}/{slug}/versions/{number}/ article in - - yes yes yes yes yes yes yes
GET    articles/{team}/{slug}/versions/{number}/compare/{other}/ article in - - yes yes yes yes yes yes yes
GET    articles/{team}/{slug}/versions/{number}/restore/ article in - - no yes yes yes yes no yes
POST   articles/{team}/{slug}/versions/{number}/restore/ article in - - no yes yes yes yes no yes
GET    pulse                                       in  yes yes yes yes yes yes yes yes yes
GET    questions/                                  in  yes yes yes yes yes yes yes yes yes
GET    playbooks/                                  in  yes yes yes yes yes yes yes yes yes
GET    playbooks/{code}/ playbook                  in  yes yes yes yes yes yes yes yes yes
GET    playbooks/{code}/figures/ playbook          in  yes yes yes yes yes yes yes yes yes
GET    playbooks/{code}/edit/ playbook             in  yes -   -   no  no  no  yes -   yes
POST   playbooks/{code}/edit/ playbook             in  yes -   -   no  no  no  yes -   yes
GET    playbooks/{code}/start/ playbook            in  yes -   -   yes yes yes yes -   yes
POST   playbooks/{code}/start/ playbook            in  -   -   -   yes yes yes yes -   yes
GET    triggers/                                   in  yes yes yes yes yes yes yes yes yes
GET    triggers/new/                               in  yes -   -   no  no  no  yes no  yes
POST   triggers/new/                               in  yes -   -   no  no  no  yes no  yes
GET    triggers/{pk}/ trigger                      in  -   -   -   yes yes yes yes yes yes
POST   triggers/{pk}/ trigger                      in  -   -   -   no  no  no  yes no  yes
GET    runs/                                       in  yes yes yes yes yes yes yes yes yes
GET    runs/confidential/                          in  yes yes -   -   -   -   yes -   yes
POST   runs/confidential/ sealed                   in  no  yes -   -   -   -   no  -   no
GET    runs/{pk}/ run                              in  -   -   -   yes yes yes yes yes yes
POST   runs/{pk}/ run                              in  -   -   -   yes yes yes yes no  yes
GET    runs/{pk}/ conflict                         in  -   -   -   yes yes yes -   -   -
GET    runs/{pk}/timeline/ conflict                in  -   -   -   yes yes yes -   -   -
GET    runs/{pk}/change/ conflict                  in  -   -   -   yes yes yes -   -   -
GET    runs/{pk}/steps/{key}/ conflict             in  -   -   -   yes yes yes -   -   -
GET    runs/{pk}/after/ run                        in  -   -   -   yes yes yes yes yes yes
POST   runs/{pk}/after/ run                        in  -   -   -   yes yes yes yes no  yes
GET    runs/{pk}/after/ conflict                   in  -   -   -   yes yes yes -   -   -
GET    runs/{pk}/timeline/ run                     in  -   -   -   yes yes yes yes yes yes
GET    runs/{pk}/change/ run                       in  -   -   -   yes yes yes yes yes yes
POST   runs/{pk}/change/ run                       in  -   -   -   yes yes yes yes no  yes
GET    runs/{pk}/steps/{key}/ run                  in  -   -   -   yes yes yes yes yes yes
POST   runs/{pk}/steps/{key}/ run                  in  -   -   -   yes yes yes yes no  yes
POST   runs/{pk}/steps/{key}/file?need=0 filed     in  -   -   -   yes yes yes yes no  yes
POST   runs/{pk}/steps/{key}/file?need=0 conflict  in  -   -   -   409 409 409 -   -   -
GET    runs/{pk}/files/{file}/ filed               in  -   -   -   no  no  no  yes no  yes
GET    trail/                                      in  yes yes yes yes yes yes yes yes yes
POST   trail/export                                in  yes yes yes yes yes yes yes yes yes
GET    following/                                  in  yes yes yes yes yes yes yes yes yes
GET    inbox/                                      in  yes yes yes yes yes yes yes yes yes
POST   inbox/read                                  in  yes yes yes yes yes yes yes yes yes
POST   inbox/undo                                  in  yes yes yes yes yes yes yes yes yes
GET    inbox/settings/                             in  yes yes yes yes yes yes yes yes yes
POST   inbox/settings/                             in  yes yes yes yes yes yes yes yes yes
POST   inbox/{pk}/read message                     in  -   -   -   -   -   -   -   -   yes
POST   inbox/{pk}/unread message                   in  -   -   -   -   -   -   -   -   yes
GET    checks/                                     in  yes yes yes yes yes yes yes yes yes
GET    checks/{name}/ judging                      in  yes yes yes yes yes yes yes yes yes
GET    system/                                     in  no  yes no  no  no  no  no  no  no
POST   system/key-copy                             in  no  yes no  no  no  no  no  no  no
GET    theme                                       in  yes yes yes yes yes yes yes yes yes
POST   theme                                       in  yes yes yes yes yes yes yes yes yes
GET    styleguide/                                 in  yes yes yes yes yes yes yes yes yes
GET    approvals/                                  in  yes yes yes yes yes yes yes yes yes
GET    approvals/{pk}/ open                        in  -   -   -   yes yes yes yes yes yes
POST   approvals/{pk}/ open                        in  -   -   -   no  no  no  yes no  no

# jobs
GET    jobs/                                       in  yes yes -   -   -   -   yes yes yes
GET    jobs/{name}/ job                            in  yes yes -   -   -   -   yes yes yes
POST   jobs/{name}/run job                         in  no  yes -   -   -   -   no  no  no
POST   jobs/{name}/pause job                       in  no  yes -   -   -   -   no  no  no
POST   jobs/{name}/resume paused                   in  no  yes -   -   -   -   no  no  no

# models, datasets and assets
GET    models/                                     in  yes yes yes yes yes yes yes yes yes
GET    datasets/                                   in  yes yes yes yes yes yes yes yes yes
GET    assets/                                     in  yes yes yes yes yes yes yes yes yes
POST   models/ chosen                              in  -   -   yes yes yes yes yes yes yes
POST   datasets/ chosen                            in  -   -   -   -   -   -   -   -   -
POST   assets/ chosen                              in  -   -   -   -   -   -   -   -   -
GET    {kind}/new/                                 in  yes no  no  yes yes no  yes no  yes
POST   {kind}/new/                                 in  400 no  no  yes yes no  yes no  yes

below {kind}/{team}/{name}/
GET    ./                                          in  -   -   yes yes yes yes yes yes yes
GET    ./ held                                     in  -   -   -   yes yes yes yes yes yes
GET    edit/                                       in  -   -   no  yes yes no  yes no  yes
POST   edit/                                       in  -   -   no  yes yes no  yes no  yes
GET    delete/ spare                               in  -   -   -   no  no  no  yes no  yes
POST   delete/ spare                               in  -   -   -   no  no  no  yes no  yes
POST   delete/                                     in  -   -   no  no  no  no  no  no  no
GET    archive/                                    in  -   -   no  no  no  no  yes no  yes
POST   archive/                                    in  -   -   no  no  no  no  yes no  yes
GET    unarchive/ archived                         in  -   -   -   no  no  no  yes no  yes
POST   unarchive/ archived                         in  -   -   -   no  no  no  yes no  yes
GET    rename/                                     in  -   -   no  no  no  no  yes no  yes
POST   rename/                                     in  -   -   no  no  no  no  yes no  yes
GET    hold/                                       in  -   -   no  no  no  no  yes no  yes
GET    compare/?version={number}&version={other} compared in - - - yes yes yes yes yes yes
POST   follow                                      in  -   -   yes yes yes yes yes yes yes
POST   unfollow                                    in  -   -   yes yes yes yes yes yes yes
POST   hold/                                       in  -   -   no  no  no  no  yes no  yes
GET    hold/release/ held                          in  -   -   -   no  no  no  yes no  no
POST   hold/release/ held                          in  -   -   -   no  no  no  yes no  no
GET    versions/new/                               in  -   -   no  yes yes no  yes no  yes
POST   versions/new/                               in  -   -   no  yes yes no  yes no  yes
GET    ./ closed                                   in  -   -   yes yes yes yes yes yes yes
GET    versions/new/ closed                        in  -   -   no  no  no  no  no  no  yes
GET    edit/ closed                                in  -   -   no  no  no  no  yes no  yes
POST   edit/ closed                                in  -   -   no  no  no  no  yes no  yes
GET    versions/{number}/ closed                   in  -   -   -   -   -   -   -   yes yes
GET    versions/{number}/files/{path} closed       in  -   -   -   -   -   -   -   yes yes
GET    declaration/ shut                           in  -   -   -   yes yes no  yes no  yes
POST   declaration/ shut                           in  -   -   -   yes yes no  yes no  yes
GET    contract/ shut                              in  -   -   -   yes yes yes yes yes yes
POST   contract/ shut                              in  -   -   -   yes yes no  yes no  yes
GET    contract/form/ shut                         in  -   -   -   yes yes no  yes no  yes
POST   contract/form/ shut                         in  -   -   -   yes yes no  yes no  yes
GET    contract/ closed                            in  -   -   yes yes yes yes yes yes yes
POST   contract/ closed                            in  -   -   no  no  no  no  no  no  yes
GET    restrict/ shut                              in  -   -   -   no  no  no  yes no  yes
POST   restrict/ shut                              in  -   -   -   no  no  no  yes no  yes
GET    open/ closed                                in  -   -   no  no  no  no  yes no  yes
POST   open/ closed                                in  -   -   no  no  no  no  yes no  yes
GET    grants/ closed                              in  -   -   yes yes yes yes yes yes yes
POST   grants/ closed                              in  -   -   yes 409 yes yes yes yes 409
GET    grants/{pk}/ closed                         in  -   -   -   yes -   -   yes yes yes
POST   grants/{pk}/ closed                         in  -   -   -   no  -   -   yes no  yes
GET    grants/{pk}/end/ granted                    in  -   -   -   -   -   -   yes yes yes
POST   grants/{pk}/end/ granted                    in  -   -   -   -   -   -   yes yes yes

below {kind}/{team}/{name}/versions/{number}/
GET    ./ released                                 in  -   -   yes yes yes yes yes yes yes
GET    ./ ready                                    in  -   -   -   yes yes yes yes yes yes
GET    ./ blocked                                  in  -   -   -   yes yes yes yes yes yes
GET    ./ draft                                    in  -   -   -   yes yes yes yes yes yes
GET    live released                               in  -   -   yes yes yes yes yes yes yes
GET    live ready                                  in  -   -   -   yes yes yes yes yes yes
POST   upload draft                                in  -   -   -   no  no  no  no  no  yes
GET    remove?path={path} draft                    in  -   -   -   no  no  no  no  no  yes
POST   remove?path={path} draft                    in  -   -   -   no  no  no  no  no  yes
GET    delete/ draft                               in  -   -   -   no  no  no  yes no  yes
POST   delete/ draft                               in  -   -   -   no  no  no  yes no  yes
GET    ./ withdrawn                                in  -   -   -   yes yes yes yes yes yes
GET    files/{path} withdrawn                      in  -   -   -   no  no  no  yes no  yes
POST   files/{path} withdrawn                      in  -   -   -   no  no  no  yes no  yes
GET    withdraw/ released                          in  -   -   no  no  no  no  yes no  yes
POST   withdraw/ ready                             in  -   -   -   no  no  no  yes no  yes
GET    reinstate/ withdrawn                        in  -   -   -   no  no  no  yes no  no
POST   reinstate/ withdrawn                        in  -   -   -   no  no  no  yes no  no
POST   submit draft                                in  -   -   -   no  no  no  no  no  yes
POST   recheck released                            in  -   -   no  yes yes yes yes no  yes
POST   recheck blocked                             in  -   -   -   yes yes yes yes no  yes
GET    bom released                                in  -   -   yes yes yes yes yes yes yes
GET    bom ready                                   in  -   -   -   yes yes yes yes yes yes
GET    bom draft                                   in  -   -   -   409 409 409 409 409 409
GET    signature released                          in  -   -   yes yes yes yes yes yes yes
GET    signature ready                             in  -   -   -   -   -   -   -   -   -
GET    profile/ released                           in  -   -   yes yes yes yes yes yes yes
GET    profile/ measured                           in  -   -   -   yes yes yes yes yes yes
GET    profile/ ready                              in  -   -   -   yes yes yes yes yes yes
GET    files/ released                             in  -   -   yes yes yes yes yes yes yes
GET    files/ ready                                in  -   -   -   yes yes yes yes yes yes
GET    files/{path} released                       in  -   -   yes yes yes yes yes yes yes
POST   files/{path} released                       in  -   -   yes yes yes yes yes yes yes
GET    files/{path} ready                          in  -   -   -   yes yes yes yes yes yes
GET    files/{path} blocked                        in  -   -   -   yes yes no  yes no  yes
POST   files/{path} blocked                        in  -   -   -   yes yes no  yes no  yes
GET    files/{path} draft                          in  -   -   -   no  no  no  yes no  yes
POST   files/{path} draft                          in  -   -   -   no  no  no  yes no  yes
GET    compare/{other}/ compared                   in  -   -   -   yes yes yes yes yes yes
GET    preview/{path} released                     in  -   -   yes yes yes yes yes yes yes
POST   preview/{path} released                     in  -   -   yes yes yes yes yes yes yes
GET    preview/{path} ready                        in  -   -   -   yes yes yes yes yes yes
GET    preview/{path} blocked                      in  -   -   -   yes yes no  yes no  yes
POST   preview/{path} blocked                      in  -   -   -   yes yes no  yes no  yes
GET    preview/{path} draft                        in  -   -   -   no  no  no  yes no  yes
GET    findings/ released                          in  -   -   yes yes yes yes yes yes yes
GET    findings/ blocked                           in  -   -   -   yes yes yes yes yes yes
GET    findings/{pk}/waive/ blocked                in  -   -   -   no  no  no  yes no  no
POST   findings/{pk}/waive/ blocked                in  -   -   -   no  no  no  yes no  no
GET    findings/{pk}/name/ unknown                 in  -   -   -   no  no  no  yes no  no
POST   findings/{pk}/name/ unknown                 in  -   -   -   no  no  no  yes no  no
GET    card/ released                              in  -   -   yes yes yes yes yes yes yes
GET    card/ ready                                 in  -   -   -   yes yes yes yes yes yes
GET    card.md released                            in  -   -   yes yes yes yes yes yes yes
GET    card.md ready                               in  -   -   -   yes yes yes yes yes yes
GET    evaluations/ released                       in  -   -   yes yes yes yes yes yes yes
GET    evaluations/ ready                          in  -   -   -   yes yes yes yes yes yes
GET    evaluations/new/ released                   in  -   -   no  yes yes no  yes no  yes
POST   evaluations/new/ released                   in  -   -   no  409 409 no  409 no  409
GET    records/ released                           in  -   -   yes yes yes yes yes yes yes
GET    records/ ready                              in  -   -   -   yes yes yes yes yes yes
GET    records/new/ released                       in  -   -   no  yes yes yes yes no  yes
POST   records/new/ released                       in  -   -   no  yes yes no  yes no  yes
GET    records/{pk}/withdraw/ released record      in  -   -   no  no  no  no  yes no  yes
POST   records/{pk}/withdraw/ released record      in  -   -   no  no  no  no  yes no  yes
GET    aliases/ ready                              in  -   -   -   yes yes no  yes no  yes
POST   aliases/ ready                              in  -   -   -   yes yes no  yes no  yes
GET    aliases/{alias}/promote/ ready staging      in  -   -   -   no  no  yes no  no  yes
POST   aliases/{alias}/promote/ ready staging      in  -   -   -   no  no  yes no  no  yes
GET    aliases/{alias}/promote/ approved production in -   -   -   no  no  yes no  no  no
POST   aliases/{alias}/promote/ approved production in -   -   -   no  no  yes no  no  no
POST   aliases/{alias}/promote/ ready production   in  -   -   -   no  no  no  no  no  no
POST   aliases/{alias}/promote/ blocked staging    in  -   -   -   no  no  no  no  no  no
GET    aliases/{alias}/roll-back/ former production in -   -   no  no  no  yes yes no  yes
POST   aliases/{alias}/roll-back/ former production in -   -   no  no  no  yes yes no  yes
GET    aliases/{alias}/ask/ former production      in  -   -   no  yes yes yes yes no  yes
POST   aliases/{alias}/ask/ former production      in  -   -   no  yes yes yes yes no  yes
"""

PROGRAMS = """
below api/v1/
                                                   nob oth adm rea eng sci dev ste aud aut
GET    schema/                                     yes yes yes yes yes yes yes yes yes yes
GET    docs/                                       yes yes yes yes yes yes yes yes yes yes

# people
GET    me/                                         in  yes yes yes yes yes yes yes yes yes
GET    search?q=scorer                             in  yes yes yes yes yes yes yes yes yes
GET    search?q=finding-in-the                     in  yes yes yes yes yes yes yes yes yes
GET    users/                                      in  yes yes yes yes yes yes yes yes yes
POST   users/                                      in  no  yes no  no  no  no  no  no  no
GET    users/{username}/ reader                    in  -   yes yes yes yes yes yes yes yes
POST   users/{username}/deactivate reader          in  -   yes no  no  no  no  no  no  no
POST   users/{username}/reactivate reader          in  -   409 no  no  no  no  no  no  no
DELETE users/{username}/second-factor lost         in  -   yes no  no  no  no  no  no  no
GET    teams/                                      in  yes yes yes yes yes yes yes yes yes
POST   teams/                                      in  no  yes no  no  no  no  no  no  no
GET    teams/{team}/                               in  -   yes yes yes yes yes yes yes yes
POST   teams/{team}/archive                        in  -   yes no  no  no  no  no  no  no
POST   teams/{team}/unarchive                      in  -   409 no  no  no  no  no  no  no
GET    teams/{team}/review/                        in  -   -   -   -   -   -   yes yes yes
GET    teams/{team}/checks/                        in  -   -   -   -   -   -   yes yes yes
GET    teams/{team}/gate/                          in  -   -   -   yes yes yes yes yes yes
GET    teams/{team}/gate/requests/                 in  -   -   -   yes yes yes yes yes yes
POST   teams/{team}/gate/requests/                 in  -   -   -   no  no  no  yes no  yes
GET    teams/{team}/gate/requests/{pk}/ change     in  -   -   -   yes yes yes yes yes yes
POST   teams/{team}/gate/requests/{pk}/confirm change in - - -  no  no  no  yes no  no
POST   teams/{team}/gate/requests/{pk}/reject change in - -  -  no  no  no  yes no  yes
GET    teams/{team}/names/                         in  -   -   -   yes yes yes yes yes yes
POST   teams/{team}/names/{pk}/end known           in  -   -   -   no  no  no  yes no  yes
GET    teams/{team}/signing-keys/                  in  -   -   -   yes yes yes yes yes yes
POST   teams/{team}/signing-keys/                  in  -   -   -   no  no  no  yes no  yes
POST   teams/{team}/signing-keys/{pk}/end signer   in  -   -   -   no  no  no  yes no  yes
GET    teams/{team}/bin/                           in  -   -   -   yes yes -   yes -   yes
POST   teams/{team}/bin/{pk}/restore deletion      in  -   -   -   -   -   -   yes -   yes
GET    teams/{team}/members/                       in  -   yes yes yes yes yes yes yes yes
GET    teams/{team}/members/{username} reader      in  -   yes yes yes yes yes yes yes yes
PUT    teams/{team}/members/{username} reader      in  -   yes no  no  no  no  yes no  yes
DELETE teams/{team}/members/{username} reader      in  -   yes no  no  no  no  yes no  yes
GET    teams/{team}/invitations/                   in  -   yes no  no  no  no  yes no  yes
POST   teams/{team}/invitations/                   in  -   yes no  no  no  no  yes no  yes
DELETE teams/{team}/invitations/{pk} invitation    in  -   yes no  no  no  no  yes no  yes
GET    teams/{team}/second-factor                  in  -   no  no  no  no  no  yes no  yes
PUT    teams/{team}/second-factor                  in  -   no  no  no  no  no  409 no  409
POST   teams/{team}/services/                      in  -   yes no  no  no  no  yes no  yes
POST   teams/{team}/services/{username}/hand-over account in - yes no no no no  yes no  yes
GET    teams/{team}/webhook                        in  -   no  no  no  no  no  yes no  yes
PUT    teams/{team}/webhook                        in  -   no  no  no  no  no  yes no  yes
DELETE teams/{team}/webhook                        in  -   no  no  no  no  no  yes no  yes
POST   teams/{team}/webhook/secret                 in  -   no  no  no  no  no  yes no  yes
POST   teams/{team}/webhook/resume                 in  -   no  no  no  no  no  409 no  409
GET    teams/{team}/webhook/deliveries/            in  -   no  no  no  no  no  yes no  yes
POST   teams/{team}/webhook/deliveries/{pk}/again delivery in - no no no no no yes no  yes
GET    notifications/                              in  yes yes yes yes yes yes yes yes yes
POST   notifications/read                          in  yes yes yes yes yes yes yes yes yes
GET    notifications/settings                      in  yes yes yes yes yes yes yes yes yes
PUT    notifications/settings                      in  yes yes yes yes yes yes yes yes yes
GET    notifications/{pk}/ message                 in  -   -   -   -   -   -   -   -   yes
POST   notifications/{pk}/read message             in  -   -   -   -   -   -   -   -   yes
POST   notifications/{pk}/unread message           in  -   -   -   -   -   -   -   -   yes
GET    checks/                                     in  yes yes yes yes yes yes yes yes yes
GET    checks/{check}/ judging                     in  yes yes yes yes yes yes yes yes yes
GET    system/                                     in  no  yes no  no  no  no  no  no  no
POST   system/key-copy                             in  no  yes no  no  no  no  no  no  no
GET    locks/                                      in  yes yes yes yes yes yes yes yes yes
DELETE locks/{pk} lock                             in  -   yes -   -   -   -   -   -   -
GET    tokens/                                     in  yes yes yes yes yes yes yes yes yes
POST   tokens/                                     in  yes yes yes yes yes yes yes yes yes
GET    tokens/{pk} token                           in  -   -   -   -   -   -   -   -   yes
DELETE tokens/{pk} token                           in  -   -   -   -   -   -   -   -   yes

# decisions and their record
GET    approvals/                                  in  yes yes yes yes yes yes yes yes yes
POST   approvals/ former production                in  -   -   no  yes yes yes yes no  yes
POST   approvals/ blocked production               in  -   -   -   yes yes yes yes no  yes
GET    approvals/{pk}/ open                        in  -   -   -   yes yes yes yes yes yes
POST   approvals/{pk}/approve open                 in  -   -   -   no  no  no  yes no  no
POST   approvals/{pk}/reject open                  in  -   -   -   no  no  no  yes no  yes
GET    decisions/                                  in  yes yes yes yes yes yes yes yes yes
POST   decisions/                                  in  -   no  no  yes yes yes yes no  yes
GET    decisions/{team}/{number} decision          in  -   -   yes yes yes yes yes yes yes
GET    collections/                                in  yes yes yes yes yes yes yes yes yes
POST   collections/                                in  -   no  no  yes yes yes yes no  yes
GET    collections/{team}/{slug}/ collection       in  -   -   -   -   -   -   yes -   yes
PATCH  collections/{team}/{slug}/ collection       in  -   -   -   -   -   -   yes -   yes
GET    articles/                                   in  yes yes yes yes yes yes yes yes yes
POST   articles/                                   in  -   no  no  yes yes yes yes no  yes
GET    articles/export?team=fraud                  in  -   yes yes yes yes yes yes yes yes
POST   articles/import?team=fraud                  in  -   no  no  yes yes yes yes no  yes
GET    imports/                                    in  yes yes yes yes yes yes yes yes yes
POST   imports/?team=fraud                         in  -   no  no  yes yes yes yes no  yes
GET    imports/{pk}/ import                        in  -   -   -   -   -   -   -   -   yes
DELETE imports/{pk}/ import                        in  -   -   -   -   -   -   -   -   yes
GET    imports/{pk}/files import                   in  -   -   -   -   -   -   -   -   yes
POST   imports/{pk}/take import                    in  -   -   -   -   -   -   -   -   yes
GET    articles/{team}/{slug}/ article             in  -   -   yes yes yes yes yes yes yes
PUT    articles/{team}/{slug}/ article             in  -   -   no  yes yes yes yes no  yes
PATCH  articles/{team}/{slug}/ article             in  -   -   no  yes yes yes yes no  yes
POST   articles/{team}/{slug}/verify article       in  -   -   no  no  no  no  yes no  yes
POST   articles/{team}/{slug}/archive article      in  -   -   no  no  no  no  yes no  yes
POST   articles/{team}/{slug}/unarchive article    in  -   -   no  no  no  no  409 no  409
GET    watches/                                    in  yes yes yes yes yes yes yes yes yes
PUT    collections/{team}/{slug}/watch collection  in  -   -   -   -   -   -   yes -   yes
DELETE collections/{team}/{slug}/watch collection  in  -   -   -   -   -   -   yes -   yes
PUT    articles/{team}/{slug}/watch article        in  -   -   yes yes yes yes yes yes yes
DELETE articles/{team}/{slug}/watch article        in  -   -   yes yes yes yes yes yes yes
GET    articles/{team}/{slug}/rating article       in  -   -   yes yes yes yes yes yes yes
PUT    articles/{team}/{slug}/rating article       in  -   -   yes yes yes yes yes yes yes
GET    articles/{team}/{slug}/reading article      in  -   -   yes yes yes yes yes yes yes
POST   articles/{team}/{slug}/reading article      in  -   -   no  no  no  no  409 no  409
DELETE articles/{team}/{slug}/reading article      in  -   -   no  no  no  no  yes no  yes
POST   articles/{team}/{slug}/acknowledge article  in  -   -   yes yes yes yes yes yes yes
GET    articles/{team}/{slug}/attachments/ article in  -   -   yes yes yes yes yes yes yes
GET    articles/{team}/{slug}/attachments/{filename} attached in - - no  no  no  no  yes no  yes
PUT    articles/{team}/{slug}/attachments/{filename} attached in - - no yes yes yes yes no yes
DELETE articles/{team}/{slug}/attachments/{filename} attached in - - no yes yes yes yes no  yes
GET    articles/{team}/{slug}/comments/ article    in  -   -   yes yes yes yes yes yes yes
POST   articles/{team}/{slug}/comments/ article    in  -   -   yes yes yes yes yes yes yes
GET    articles/{team}/{slug}/versions/ article    in  -   -   yes yes yes yes yes yes yes
GET    articles/{team}/{slug}/versions/{number} article in - - yes yes yes yes yes yes yes
POST   articles/{team}/{slug}/versions/{number}/restore article in - - no yes yes yes yes no yes
GET    events/                                     in  yes yes yes yes yes yes yes yes yes
GET    events/{pk}/ event                          in  -   -   -   -   -   -   yes yes yes
GET    findings/                                   in  yes yes yes yes yes yes yes yes yes
GET    findings/{pk}/ blocked                      in  -   -   -   yes yes yes yes yes yes
GET    findings/{pk}/ remark                       in  -   -   yes yes yes yes yes yes yes
POST   findings/{pk}/waive blocked                 in  -   -   -   no  no  no  yes no  no
POST   findings/{pk}/name unknown                  in  -   -   -   no  no  no  yes no  no
POST   findings/{pk}/waive remark                  in  -   -   no  no  no  no  yes no  no
GET    follows/                                    in  yes yes yes yes yes yes yes yes yes
GET    incidents/                                  in  yes yes yes yes yes yes yes yes yes
GET    triage/                                     in  yes yes yes yes yes yes yes yes yes
POST   triage/ blocked                             in  -   -   -   yes yes yes yes no  yes
POST   triage/waive blocked                        in  -   -   -   no  no  no  yes no  no
GET    triage/json                                 in  yes yes yes yes yes yes yes yes yes
GET    triage/sarif                                in  yes yes yes yes yes yes yes yes yes
GET    records/kinds/                              in  yes yes yes yes yes yes yes yes yes
GET    waivers/                                    in  yes yes yes yes yes yes yes yes yes
GET    waivers/{pk}/ waiver                        in  -   -   -   yes yes yes yes yes yes

# jobs
GET    jobs/                                       in  yes yes -   -   -   -   yes yes yes
GET    playbooks/                                  in  yes yes yes yes yes yes yes yes yes
GET    playbooks/{code}/ playbook                  in  yes yes yes yes yes yes yes yes yes
GET    playbooks/{code}/figures playbook           in  yes yes yes yes yes yes yes yes yes
PUT    playbooks/{code}/ playbook                  in  -   -   -   no  no  no  yes no  yes
GET    twins/                                      in  yes yes yes yes yes yes yes yes yes
POST   twins/{pk}/part twins                       in  -   -   no  yes yes yes yes no  yes
POST   twins/{pk}/pair twins                       in  -   -   no  yes yes yes yes no  yes
GET    wanted/                                     in  yes yes yes yes yes yes yes yes yes
POST   wanted/{pk}/dismiss wanted                  in  -   -   -   no  no  no  yes -   yes
GET    triggers/                                   in  yes yes yes yes yes yes yes yes yes
POST   triggers/                                   in  -   -   -   no  no  no  yes no  yes
GET    triggers/{pk}/ trigger                      in  -   -   -   yes yes yes yes yes yes
POST   triggers/{pk}/on trigger                    in  -   -   -   no  no  no  yes no  yes
POST   triggers/{pk}/off trigger                   in  -   -   -   no  no  no  409 no  409
GET    triggers/{pk}/simulation trigger            in  -   -   -   no  no  no  yes yes yes
GET    triggers/{pk}/firings/ trigger              in  -   -   -   yes yes yes yes yes yes
GET    runs/                                       in  yes yes yes yes yes yes yes yes yes
POST   runs/                                       in  -   -   -   yes yes yes yes no  yes
GET    glass/                                      in  yes yes yes yes yes yes yes yes yes
POST   glass/ sealed                               in  no  yes no  no  no  no  no  no  no
POST   glass/{pk}/confirm glass                    in  -   no  -   -   -   -   yes -   yes
POST   glass/{pk}/reject glass                     in  -   no  -   -   -   -   yes -   yes
GET    runs/{pk}/ run                              in  -   -   -   yes yes yes yes yes yes
GET    runs/{pk}/ conflict                         in  -   -   -   yes yes yes -   -   -
GET    runs/{pk}/entries/ conflict                 in  -   -   -   yes yes yes -   -   -
GET    runs/{pk}/entries/ run                      in  -   -   -   yes yes yes yes yes yes
POST   runs/{pk}/entries/ run                      in  -   -   -   yes yes yes yes no  yes
GET    runs/{pk}/follow-ups/ run                   in  -   -   -   yes yes yes yes yes yes
GET    runs/{pk}/follow-ups/ conflict              in  -   -   -   yes yes yes -   -   -
POST   runs/{pk}/follow-ups/ run                   in  -   -   -   yes yes yes yes no  yes
POST   runs/{pk}/follow-ups/{follow_up}/done run   in  -   -   -   yes yes yes yes no  yes
POST   runs/{pk}/retrospective run                 in  -   -   -   409 409 409 409 no  409
POST   runs/{pk}/pause run                         in  -   -   -   yes yes yes yes no  yes
POST   runs/{pk}/resume run                        in  -   -   -   409 409 409 409 no  409
POST   runs/{pk}/cancel run                        in  -   -   -   no  no  no  yes no  yes
PUT    runs/{pk}/people/{role} run                 in  -   -   -   yes yes yes yes no  yes
POST   runs/{pk}/steps/{key}/put run               in  -   -   -   yes yes yes yes no  yes
PUT    runs/{pk}/steps/{key}/files/{filename} filed in -   -   -   yes yes yes yes no  yes
GET    runs/{pk}/files/{file} filed                in  -   -   -   no  no  no  yes no  yes
POST   runs/{pk}/steps/{key}/accept run            in  -   -   -   409 409 409 409 no  409
POST   runs/{pk}/steps/{key}/waive run             in  -   -   -   no  no  no  yes no  no
GET    jobs/{job}/ job                             in  yes yes -   -   -   -   yes yes yes
GET    jobs/{job}/runs/ job                        in  yes yes -   -   -   -   yes yes yes
POST   jobs/{job}/run job                          in  no  yes -   -   -   -   no  no  no
POST   jobs/{job}/pause job                        in  no  yes -   -   -   -   no  no  no
POST   jobs/{job}/resume paused                    in  no  yes -   -   -   -   no  no  no

# models, datasets and assets
GET    models/                                     in  yes yes yes yes yes yes yes yes yes
POST   models/                                     in  -   no  no  yes yes no  yes no  yes
GET    datasets/                                   in  yes yes yes yes yes yes yes yes yes
POST   datasets/                                   in  -   no  no  yes yes no  yes no  yes
GET    assets/                                     in  yes yes yes yes yes yes yes yes yes
POST   assets/                                     in  -   no  no  yes yes no  yes no  yes

below api/v1/{kind}/{team}/{name}/
GET    ./                                          in  -   -   yes yes yes yes yes yes yes
GET    ./ held                                     in  -   -   -   yes yes yes yes yes yes
PATCH  ./                                          in  -   -   no  yes yes no  yes no  yes
DELETE ./ spare                                    in  -   -   -   no  no  no  yes no  yes
DELETE ./                                          in  -   -   no  no  no  no  no  no  no
POST   archive                                     in  -   -   no  no  no  no  yes no  yes
POST   unarchive archived                          in  -   -   -   no  no  no  yes no  yes
POST   rename                                      in  -   -   no  no  no  no  yes no  yes
POST   follow                                      in  -   -   yes yes yes yes yes yes yes
DELETE follow                                      in  -   -   yes yes yes yes yes yes yes
POST   hold                                        in  -   -   no  no  no  no  yes no  yes
POST   hold/release held                           in  -   -   -   no  no  no  yes no  no
GET    declaration                                 in  -   -   yes yes yes yes yes yes yes
PUT    declaration shut                            in  -   -   -   yes yes no  yes no  yes
GET    contract closed                             in  -   -   yes yes yes yes yes yes yes
GET    contract shut                               in  -   -   -   yes yes yes yes yes yes
PUT    contract shut                               in  -   -   -   yes yes no  yes no  yes
GET    contracts/{number} promised                 in  -   -   -   yes yes yes yes yes yes
GET    versions/                                   in  -   -   yes yes yes yes yes yes yes
POST   versions/                                   in  -   -   no  yes yes no  yes no  yes
GET    aliases/                                    in  -   -   yes yes yes yes yes yes yes
GET    aliases/{alias} production                  in  -   -   yes yes yes yes yes yes yes
GET    aliases/{alias} nightly                     in  -   -   -   yes yes yes yes yes yes
PUT    aliases/{alias} approved production         in  -   -   -   no  no  yes no  no  no
PUT    aliases/{alias} ready production            in  -   -   -   no  no  no  no  no  no
PUT    aliases/{alias} ready staging               in  -   -   -   no  no  yes no  no  yes
PUT    aliases/{alias} blocked staging             in  -   -   -   no  no  no  no  no  no
PUT    aliases/{alias} released nightly            in  -   -   no  yes yes no  yes no  yes
POST   aliases/{alias}/rollback former production  in  -   -   no  no  no  yes yes no  yes
GET    aliases/{alias}/files/{path} production     in  -   -   yes yes yes yes yes yes yes
GET    aliases/{alias}/files/{path} nightly        in  -   -   -   yes yes yes yes yes yes
GET    ./ closed                                   in  -   -   yes yes yes yes yes yes yes
PATCH  ./ closed                                   in  -   -   no  no  no  no  yes no  yes
POST   versions/ closed                            in  -   -   no  no  no  no  no  no  yes
GET    versions/{number}/ closed                   in  -   -   -   -   -   -   -   yes yes
GET    versions/{number}/files/{path} closed       in  -   -   -   -   -   -   -   yes yes
GET    versions/{number}/archive.tar closed        in  -   -   -   -   -   -   -   yes yes
POST   restrict shut                               in  -   -   -   no  no  no  yes no  yes
POST   open closed                                 in  -   -   no  no  no  no  yes no  yes
GET    grants/ closed                              in  -   -   yes yes yes yes yes yes yes
POST   grants/ closed                              in  -   -   yes 409 yes yes yes yes 409
GET    grants/{pk}/ closed                         in  -   -   -   yes -   -   yes yes yes
POST   grants/{pk}/approve closed                  in  -   -   -   no  -   -   yes no  yes
POST   grants/{pk}/reject closed                   in  -   -   -   no  -   -   yes no  yes
POST   grants/{pk}/end granted                     in  -   -   -   -   -   -   yes yes yes

below api/v1/{kind}/{team}/{name}/versions/{number}/
GET    ./ released                                 in  -   -   yes yes yes yes yes yes yes
GET    ./ ready                                    in  -   -   -   yes yes yes yes yes yes
GET    ./ draft                                    in  -   -   -   yes yes yes yes yes yes
GET    ./ withdrawn                                in  -   -   -   yes yes yes yes yes yes
GET    files/{path} withdrawn                      in  -   -   -   no  no  no  no  no  no
GET    files/{path}?acknowledge=1 withdrawn        in  -   -   -   no  no  no  yes no  yes
POST   withdraw ready                              in  -   -   -   no  no  no  yes no  yes
POST   withdraw released                           in  -   -   no  no  no  no  409 no  409
POST   reinstate withdrawn                         in  -   -   -   no  no  no  yes no  no
DELETE ./ draft                                    in  -   -   -   no  no  no  yes no  yes
DELETE ./ ready                                    in  -   -   -   no  no  no  409 no  409
POST   submit draft                                in  -   -   -   no  no  no  no  no  yes
POST   files/ draft                                in  -   -   -   no  no  no  no  no  yes
GET    preview/{path} released                     in  -   -   yes yes yes yes yes yes yes
GET    preview/{path} ready                        in  -   -   -   yes yes yes yes yes yes
GET    preview/{path} blocked                      in  -   -   -   no  no  no  no  no  no
GET    preview/{path}?acknowledge=1 blocked        in  -   -   -   yes yes no  yes no  yes
POST   recheck released                            in  -   -   no  yes yes yes yes no  yes
POST   recheck blocked                             in  -   -   -   yes yes yes yes no  yes
GET    checks/ released                            in  -   -   yes yes yes yes yes yes yes
GET    checks/ ready                               in  -   -   -   yes yes yes yes yes yes
GET    findings/ released                          in  -   -   yes yes yes yes yes yes yes
GET    findings/ blocked                           in  -   -   -   yes yes yes yes yes yes
GET    compare/{other} compared                    in  -   -   -   yes yes yes yes yes yes
GET    bom released                                in  -   -   yes yes yes yes yes yes yes
GET    bom ready                                   in  -   -   -   yes yes yes yes yes yes
GET    bom draft                                   in  -   -   -   409 409 409 409 409 409
GET    signature released                          in  -   -   yes yes yes yes yes yes yes
GET    signature ready                             in  -   -   -   -   -   -   -   -   -
GET    contract measured                           in  -   -   -   yes yes yes yes yes yes
GET    profile released                            in  -   -   yes yes yes yes yes yes yes
GET    profile ready                               in  -   -   -   yes yes yes yes yes yes
GET    lineage/ released                           in  -   -   yes yes yes yes yes yes yes
GET    lineage/ ready                              in  -   -   -   yes yes yes yes yes yes
GET    card released                               in  -   -   yes yes yes yes yes yes yes
GET    card ready                                  in  -   -   -   yes yes yes yes yes yes
GET    evaluations/ released                       in  -   -   yes yes yes yes yes yes yes
GET    evaluations/ ready                          in  -   -   -   yes yes yes yes yes yes
POST   evaluations/ released                       in  -   -   no  409 409 no  409 no  409
POST   evaluations/ ready                          in  -   -   -   409 409 no  409 no  409
GET    evaluations/{pk}/ released evaluation       in  -   -   yes yes yes yes yes yes yes
GET    records/ released                           in  -   -   yes yes yes yes yes yes yes
GET    records/ ready                              in  -   -   -   yes yes yes yes yes yes
POST   records/ released                           in  -   -   no  yes yes no  yes no  yes
POST   records/ ready                              in  -   -   -   yes yes no  yes no  yes
GET    records/{pk}/ released record               in  -   -   yes yes yes yes yes yes yes
POST   records/{pk}/withdraw released record       in  -   -   no  no  no  no  yes no  yes
GET    archive.tar released                        in  -   -   yes yes yes yes yes yes yes
GET    archive.tar ready                           in  -   -   -   yes yes yes yes yes yes
GET    archive.tar blocked                         in  -   -   -   no  no  no  no  no  no
GET    archive.tar?acknowledge=1 blocked           in  -   -   -   yes yes no  yes no  yes
GET    archive.tar?acknowledge=1 draft             in  -   -   -   no  no  no  yes no  yes
GET    files/{path} released                       in  -   -   yes yes yes yes yes yes yes
GET    files/{path} ready                          in  -   -   -   yes yes yes yes yes yes
GET    files/{path} blocked                        in  -   -   -   no  no  no  no  no  no
GET    files/{path}?acknowledge=1 blocked          in  -   -   -   yes yes no  yes no  yes
GET    files/{path}?acknowledge=1 draft            in  -   -   -   no  no  no  yes no  yes
PUT    files/{path} draft                          in  -   -   -   no  no  no  no  no  yes
GET    uploads/ draft                              in  -   -   -   yes yes yes yes yes yes
POST   uploads/ draft                              in  -   -   -   no  no  no  no  no  yes
GET    uploads/{pk}/ draft sending                 in  -   -   -   -   -   -   -   -   yes
PATCH  uploads/{pk}/ draft sending                 in  -   -   -   -   -   -   -   -   yes
DELETE uploads/{pk}/ draft sending                 in  -   -   -   -   -   -   -   -   yes
DELETE files/{path} draft                          in  -   -   -   no  no  no  no  no  yes
"""

# What stands on any of all these answers, and for whom: words that the prepared world holds once. An answer
# that only says back the word of its own address does not count.
SEEN = """
                                                   nob oth adm rea eng sci dev ste aud aut
name-of-the-team                                   no  no  yes yes yes yes yes yes yes yes
the-address-of-the-reader                          no  no  yes yes no  no  no  no  no  no
notes-of-the-released                              no  no  no  yes yes yes yes yes yes yes
notes-of-the-ready                                 no  no  no  no  yes yes yes yes yes yes
notes-of-the-blocked                               no  no  no  no  yes yes yes yes yes yes
alias-of-the-ready                                 no  no  no  no  yes yes yes yes yes yes
why-it-is-withdrawn                                no  no  no  no  yes yes yes yes yes yes
bytes-of-the-withdrawn                             no  no  no  no  no  no  no  yes no  yes
notes-of-the-draft                                 no  no  no  no  yes yes yes yes yes yes
bytes-of-the-released                              no  no  no  yes yes yes yes yes yes yes
bytes-of-the-ready                                 no  no  no  no  yes yes yes yes yes yes
bytes-of-the-blocked                               no  no  no  no  yes yes no  yes no  yes
bytes-of-the-draft                                 no  no  no  no  no  no  no  yes no  yes
finding-in-the-released                            no  no  no  yes yes yes yes yes yes yes
finding-in-the-blocked                             no  no  no  no  yes yes yes yes yes yes
notes-of-the-closed                                no  no  no  no  no  no  no  yes yes yes
bytes-of-the-closed                                no  no  no  no  no  no  no  no  yes yes
why-it-is-closed                                   no  no  no  yes yes yes yes yes yes yes
why-they-ask-to-read                               no  no  no  no  yes no  no  yes yes yes
promised-of-the-shut                               no  no  no  no  yes yes yes yes yes yes
declared-of-the-released                           no  no  no  yes yes yes yes yes yes yes
declared-of-the-ready                              no  no  no  no  yes yes yes yes yes yes
why-it-is-waived                                   no  no  no  no  yes yes yes yes yes yes
why-it-is-on-hold                                  no  no  no  no  yes yes yes yes yes yes
path-of-what-is-sent                               no  no  no  no  no  no  no  no  no  yes
title-of-the-decision                              no  no  no  yes yes yes yes yes yes yes
title-of-the-article                               no  no  no  yes yes yes yes yes yes yes
name-of-the-deleted                                no  no  no  no  no  no  no  yes yes yes
why-gates-change                                   no  no  no  no  yes yes yes yes yes yes
why-it-is-asked-for                                no  no  no  no  yes yes yes yes yes yes
what-is-said-in-confidence                         no  no  no  no  yes yes yes no  no  no
why-the-run-began                                  no  no  no  no  yes yes yes yes yes yes
what-the-trail-says                                no  no  no  no  no  no  no  yes yes yes
what-the-review-says                               no  no  no  no  no  no  no  yes yes yes
why-the-job-pauses                                 no  yes yes no  no  no  no  yes yes yes
why-the-job-failed                                 no  no  yes no  no  no  no  no  no  no
token-of-the-author                                no  no  yes no  no  no  no  no  no  yes
what-the-author-is-told                            no  no  no  no  no  no  no  no  no  yes
where-the-webhook-is                               no  no  no  no  no  no  no  yes no  yes
why-a-delivery-failed                              no  no  no  no  no  no  no  yes no  yes
"""


@dataclass(frozen=True)
class Row:
    """What one method of one address answers to each kind of person."""

    method: str
    address: str
    about: tuple[str, ...]
    cells: dict[str, str]

    def __str__(self) -> str:
        return " ".join([self.method, self.address, *self.about])

    @property
    def pattern(self) -> str:
        return plain(self.address)


def plain(address: str) -> str:
    """An address without its query; a program's without its last slash."""
    pattern = address.partition("?")[0]
    return pattern.removesuffix("/") if pattern.startswith("api/") else pattern


def cells(words: list[str]) -> dict[str, str]:
    return dict(zip(PEOPLE, words, strict=True))


def rows(table: str) -> list[Row]:
    found, below = [], ""
    for line in table.splitlines():
        words = line.split()
        if not words or words[0] in {"#", "nob"}:
            continue
        if words[0] == "below":
            below = words[1]
            continue
        method, address, *about = words[: -len(PEOPLE)]
        whole = below + address.removeprefix("./").removeprefix("/")
        found.append(Row(method, whole, tuple(about), cells(words[-len(PEOPLE) :])))
    return found


def seen(table: str) -> dict[str, dict[str, str]]:
    lines = [line.split() for line in table.splitlines() if line.strip()]
    return {words[0]: cells(words[1:]) for words in lines if words[0] != "nob"}


TABLE = [*rows(PAGES), *rows(PROGRAMS)]
MARKS = seen(SEEN)
